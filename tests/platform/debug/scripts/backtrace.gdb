# From a handler to what it interrupted, also where that is a handler.
break nested.c:trap
continue
backtrace
frame function work
print rounds
delete
continue
backtrace
continue
