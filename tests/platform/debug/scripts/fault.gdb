# A program that fails stays to be looked at.
continue
monitor errors
info registers mcause mtval
continue
