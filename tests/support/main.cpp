// In an object of its own: a test that brings its own main() does not pull it in.
#include <boost/test/unit_test.hpp>

int main(int count, char** words) {
    return boost::unit_test::unit_test_main([] { return true; }, count, words);
}
