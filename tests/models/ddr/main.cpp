#define BOOST_TEST_MODULE ddr_core
#include <boost/test/unit_test.hpp>
