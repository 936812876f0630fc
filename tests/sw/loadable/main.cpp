#define BOOST_TEST_MODULE loadable
#include <boost/test/unit_test.hpp>
