# The firmware that runs networks: what it stores and what it starts. By names, so that the firmware
# may change.
python
def run_to(place, *kind):
    point = gdb.Breakpoint(place, *kind)
    point.silent = True
    gdb.execute("continue")
    point.delete()
    print("at", gdb.execute("info symbol $pc", to_string=True).split()[0])
run_to("main")
run_to("interrupts_service")
end
printf "external interrupt: %d\n", ($mip >> 11) & 1
python
run_to("scheduler.stored", gdb.BP_WATCHPOINT, gdb.WP_WRITE)
print("stored:", gdb.parse_and_eval("scheduler.stored"))
run_to("*(unsigned*)0x10016004", gdb.BP_WATCHPOINT, gdb.WP_ACCESS)
print("rows for the encoder:", gdb.parse_and_eval("*(unsigned*)0x1001604c"))
end
continue
