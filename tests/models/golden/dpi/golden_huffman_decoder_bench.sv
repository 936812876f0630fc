// huffman_decoder.sv symbol by symbol against the golden library: streams that the library encodes,
// random valid and ready.
module golden_huffman_decoder_bench
  import karhunen_golden_pkg::*;
  import golden_bench_pkg::*;
#(
    parameter int CODES = 6,
    parameter int STREAMS = 8,  // of each code
    parameter int SYMBOL_BITS = 11,
    parameter int CODE_BITS = 15
) (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output int unsigned symbols,  // compared so far
    output logic        failed
);
  typedef enum logic [1:0] {MAKE_CODE, LOAD, STREAM, DONE} state_t;
  state_t state;
  int unsigned random;
  int code_number, stream_number, length, rank, next_code, first, high;
  int symbols_left;
  int of_length[$];  // symbols whose code has this length, still to load
  int unsigned stream_words[$];
  chandle ctx, codec, golden;

  logic load_valid, load_table, in_valid, in_ready, out_valid, out_ready, out_last;
  logic [SYMBOL_BITS-1:0] load_address, load_symbol, load_base, out_symbol;
  logic [CODE_BITS:0] load_limit;
  logic [23:0] last_symbol;
  logic [15:0] in_word;

  huffman_decoder dut (.*);

  function automatic int unsigned below(int unsigned limit);
    return random_below(random, limit);
  endfunction

  function automatic void find_symbols_of_length();
    int unsigned code, code_length;
    for (int s = first; s <= high; s++) begin
      karhunen_need(ctx, karhunen_codec_code(ctx, codec, s, code, code_length));
      if (int'(code_length) == length) of_length.push_back(s);
    end
  endfunction

  // Encoded by the library; the words go to the RTL and to the library's own decoder.
  function automatic void make_stream();
    chandle encoder;
    int unsigned count = 1 + below(60), word, last = 0;
    karhunen_need(ctx, karhunen_encoder_create_serial(ctx, codec, encoder));
    for (int unsigned i = 0; i < count; i++)
      karhunen_need(ctx, karhunen_encoder_put_value(
                             ctx, encoder, first + int'(below(32'(high - first + 1)))));
    karhunen_need(ctx, karhunen_encoder_finish(ctx, encoder));
    karhunen_need(ctx, karhunen_decoder_create_serial(ctx, codec, 64'(count), golden));
    while (last == 0) begin
      karhunen_need(ctx, karhunen_encoder_word(ctx, encoder, 0, word, last));
      karhunen_need(ctx, karhunen_decoder_put_word(ctx, golden, 0, word));
      stream_words.push_back(word);
    end
    karhunen_need(ctx, karhunen_decoder_finish(ctx, golden));
    karhunen_encoder_destroy(encoder);
    last_symbol = 24'(count - 1);
    symbols_left = int'(count);
  endfunction

  function automatic void compare();
    int expected;
    int status = karhunen_decoder_value(ctx, golden, expected);
    symbols = symbols + 1;
    symbols_left = symbols_left - 1;
    if (status == KARHUNEN_OK && SYMBOL_BITS'(expected) == out_symbol &&
        out_last == (symbols_left == 0))
      return;
    $display("MISMATCH huffman_decoder: stream %0d, %0d symbols left: %h last %0d", stream_number,
             symbols_left, out_symbol, out_last);
    $display("  expected %h, %0s", SYMBOL_BITS'(expected), karhunen_status_name(status));
    failed = 1;
  endfunction

  function automatic void end_stream();
    karhunen_decoder_destroy(golden);
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
    symbols = 0;
    code_number = 0;
    stream_number = 0;
    last_symbol = 0;
    state = MAKE_CODE;
  end

  // A canonical code: for each length the limit of its codes, then its symbols in order.
  function automatic void begin_length();
    length = length + 1;
    next_code = next_code << 1;
    find_symbols_of_length();
    load_valid   <= 1;
    load_table   <= 1;
    load_address <= SYMBOL_BITS'(length);
    load_base    <= SYMBOL_BITS'(rank - next_code);
    next_code = next_code + int'(of_length.size());
    load_limit <= (CODE_BITS + 1)'(next_code << (CODE_BITS - length));
  endfunction

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
          {length, rank, next_code} = '0;
          state = LOAD;
        end
        LOAD:
        if (of_length.size() > 0) begin
          load_valid   <= 1;
          load_table   <= 0;
          load_address <= SYMBOL_BITS'(rank);
          load_symbol  <= SYMBOL_BITS'(of_length[0]);
          void'(of_length.pop_front());
          rank = rank + 1;
        end else if (length < CODE_BITS) begin_length();
        else begin
          make_stream();
          state = STREAM;
        end
        STREAM: begin
          out_ready <= below(3) > 0;
          if (in_valid && in_ready) void'(stream_words.pop_front());
          if (!in_valid || in_ready) begin
            in_valid <= stream_words.size() > 0 && below(3) > 0;
            in_word  <= stream_words.size() > 0 ? 16'(stream_words[0]) : 0;
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
