/* Sleeps for ever: no interrupt is enabled. */
#include "program.h"
    begin
1:  wfi
    j 1b
