// A bus that logs what a trace does to it, answers reads from a file, and has bytes of memory.
// verilator lint_off DECLFILENAME
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNDRIVEN
module trace_bench;

    import karhunen_trace_pkg::*;

    class logging_bus extends trace_bus;
        int log, answers, unanswered;
        bit is_silent;  // no interrupt ever comes
        logic [7:0] memory[int unsigned];

        virtual task write(input logic [31:0] address, input int unsigned bytes,
                           input logic [31:0] value);
            $fwrite(log, "write %0h %0d %0h\n", address, bytes, value);
            #1;
        endtask
        virtual task read(input logic [31:0] address, input int unsigned bytes,
                          output logic [31:0] value);
            $fwrite(log, "read %0h %0d\n", address, bytes);
            if ($fscanf(answers, "%h", value) != 1) begin
                unanswered++;
                value = 0;
            end
            #1;
        endtask
        virtual function void store_byte(input logic [31:0] address, input logic [7:0] value);
            memory[address] = value;
        endfunction
        virtual function logic [7:0] fetch_byte(input logic [31:0] address);
            return memory.exists(address) != 0 ? memory[address] : 8'h00;
        endfunction
        virtual function bit irq_pending(input int unsigned source);
            $fwrite(log, "irq %0d\n", source);
            return !is_silent;
        endfunction
        virtual task claim(input int unsigned source);
            $fwrite(log, "claim %0d\n", source);
            #1;
        endtask
        virtual task pause();
            $fwrite(log, "pause\n");
            #10;
        endtask
    endclass

    initial begin
        string trace, answers, log;
        logging_bus bus;
        trace_bus target;  // of the base class, as an argument for Verilator 5.006
        trace_reader reader;
        bus = new;
        reader = new;
        if (!$value$plusargs("trace=%s", trace) || !$value$plusargs("answers=%s", answers) ||
            !$value$plusargs("log=%s", log)) $fatal(1, "+trace= +answers= +log=");
        bus.answers = $fopen(answers, "r");
        bus.log = $fopen(log, "w");
        bus.is_silent = $test$plusargs("silent") != 0;
        reader.patience = 3;
        target = bus;
        reader.run(trace, target);
        $fclose(bus.log);
        $display("actions %0d mismatches %0d bad %0d together %0d unanswered %0d", reader.actions,
                 reader.mismatches, reader.is_bad, reader.told_together, bus.unanswered);
        $finish;
    end

endmodule
