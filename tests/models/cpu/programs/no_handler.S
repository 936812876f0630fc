#include "program.h"
    begin
    li a1, UNMAPPED
    sw zero, 16(a1)
    finish
