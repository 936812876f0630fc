# A stack that is at its end: the handler has another one.
continue
backtrace
frame function sum
print $sp < 0x20000000
continue
