// huffman_encoder.sv word by word against the golden library: codes of random lengths, random
// streams, random valid and ready.
module golden_huffman_encoder_bench
  import karhunen_golden_pkg::*;
  import golden_bench_pkg::*;
#(
    parameter int CODES = 6,
    parameter int STREAMS = 8,  // of each code
    parameter int SYMBOL_BITS = 11
) (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output int unsigned words,  // compared so far
    output logic        failed
);
  typedef enum logic [1:0] {MAKE_CODE, LOAD, STREAM, DONE} state_t;
  state_t state;
  int unsigned random;
  int code_number, stream_number, symbol, first, high;
  int symbols[$];
  chandle ctx, codec, golden;

  logic load_valid, in_valid, in_ready, in_last, out_valid, out_ready, out_last;
  logic [SYMBOL_BITS-1:0] load_symbol, in_symbol;
  logic [14:0] load_code;
  logic [3:0] load_length;
  logic [15:0] out_word;

  huffman_encoder dut (.*);

  function automatic int unsigned below(int unsigned limit);
    return random_below(random, limit);
  endfunction

  // All of it goes to the library at once, so its words are there before those of the RTL.
  function automatic void make_stream();
    int length = 1 + int'(below(60));
    symbols.delete();
    karhunen_need(ctx, karhunen_encoder_create_serial(ctx, codec, golden));
    for (int i = 0; i < length; i++) begin
      int s = first + int'(below(32'(high - first + 1)));
      symbols.push_back(s);
      karhunen_need(ctx, karhunen_encoder_put_value(ctx, golden, s));
    end
    karhunen_need(ctx, karhunen_encoder_finish(ctx, golden));
  endfunction

  function automatic void compare();
    int unsigned expected, last;
    int status = karhunen_encoder_word(ctx, golden, 0, expected, last);
    words = words + 1;
    if (status == KARHUNEN_OK && expected == 32'(out_word) && last == 32'(out_last)) return;
    $display("MISMATCH huffman_encoder: stream %0d, word %0d: %h last %0d", stream_number, words,
             out_word, out_last);
    $display("  expected %h last %0d, %0s", expected[15:0], last, karhunen_status_name(status));
    failed = 1;
  endfunction

  function automatic void end_stream();
    karhunen_encoder_destroy(golden);
    stream_number = stream_number + 1;
    if (!failed && stream_number % STREAMS != 0) begin
      make_stream();
      return;
    end
    karhunen_codec_destroy(codec);
    code_number = code_number + 1;
    done = failed || code_number == CODES;
    state = done ? DONE : MAKE_CODE;
  endfunction

  initial begin
    ctx = karhunen_context_create();
    {done, failed} = '0;
    words = 0;
    code_number = 0;
    stream_number = 0;
    state = MAKE_CODE;
  end

  // Samples what the block shows before the edge; its inputs change behind it.
  always @(posedge clk) begin
    load_valid <= 0;
    out_ready  <= 0;
    if (!rst_n) begin
      random   = seed;
      in_valid <= 0;
    end else
      case (state)
        MAKE_CODE: begin
          random_code(ctx, random, codec, first, high);
          symbol = first;
          state = LOAD;
        end
        LOAD: begin
          int unsigned code, length;
          if (symbol <= high) begin
            karhunen_need(ctx, karhunen_codec_code(ctx, codec, symbol, code, length));
            load_valid  <= 1;
            load_symbol <= SYMBOL_BITS'(symbol);
            load_code   <= 15'(code);
            load_length <= 4'(length);
            symbol = symbol + 1;
          end else begin
            make_stream();
            state = STREAM;
          end
        end
        STREAM: begin
          out_ready <= below(3) > 0;
          if (in_valid && in_ready) void'(symbols.pop_front());
          if (!in_valid || in_ready) begin
            in_valid  <= symbols.size() > 0 && below(3) > 0;
            in_symbol <= symbols.size() > 0 ? SYMBOL_BITS'(symbols[0]) : 0;
            in_last   <= symbols.size() == 1;
          end
          if (out_valid && out_ready) begin
            compare();
            if (out_last || failed) end_stream();
          end
        end
        default: ;
      endcase
  end

  final karhunen_context_destroy(ctx);
endmodule
