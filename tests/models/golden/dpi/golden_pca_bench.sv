// pca_unit.sv symbol by symbol against the golden library: parameters that the library calibrates
// on random maps, loaded from the codec's blob (models/codec/README.md, "Parameter blobs").
module golden_pca_bench
  import karhunen_golden_pkg::*;
  import golden_bench_pkg::*;
#(
    parameter int CODECS = 4,
    parameter int VECTORS = 24,
    parameter int MULTIPLIERS = 16,
    parameter int MOST_CHANNELS = 32
) (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output int unsigned symbols,  // compared so far
    output logic        failed
);
  typedef enum logic [2:0] {MAKE_CODEC, MATRIX, MEAN, SCALE, STREAM, DONE} state_t;
  state_t state;
  int unsigned random;
  int codec_number, channels, components, words, at, sent, compared;
  chandle ctx, codec, blob, map, expected;

  logic load_valid, in_valid, in_ready, in_last, out_valid, out_ready, out_last;
  logic [1:0] load_table;
  logic [$clog2(MOST_CHANNELS * MOST_CHANNELS / MULTIPLIERS)-1:0] load_address;
  logic [12*MULTIPLIERS-1:0] load_data, in_values;
  logic [$clog2(MOST_CHANNELS / MULTIPLIERS)-1:0] last_word;
  logic [$clog2(MOST_CHANNELS)-1:0] last_component;
  logic [5:0] shift;
  logic signed [11:0] low, high, out_symbol;

  pca_unit #(
      .MULTIPLIERS(MULTIPLIERS),
      .CHANNELS(MOST_CHANNELS)
  ) dut (.*);

  function automatic int unsigned below(int unsigned limit);
    return random_below(random, limit);
  endfunction

  function automatic int element(chandle buffer, int unsigned bytes, int index);
    int value;
    karhunen_need(ctx, karhunen_buffer_get(ctx, buffer, bytes, 64'(index), value));
    return value;
  endfunction

  // Little-endian bytes of the blob.
  function automatic int field(int first, int bytes);
    int value = 0;
    for (int i = 0; i < bytes; i++)
      value = value | ((element(blob, 1, first + i) & 255) << (8 * i));
    return bytes == 1 ? int'(byte'(value)) : bytes == 2 ? int'(shortint'(value)) : value;
  endfunction

  // Channels that follow a common one, with noise.
  function automatic void make_map();
    int values[$];
    for (int v = 0; v < VECTORS; v++) begin
      int common_value = int'(below(2400)) - 1200;
      for (int c = 0; c < channels; c++)
        values.push_back(common_value * (c % 5 - 2) / 3 + int'(below(400)) - 200);
    end
    map = karhunen_buffer_of(ctx, 4, values);
  endfunction

  function automatic void make_codec();
    longint unsigned bytes;
    longint number;
    channels = 2 + int'(below(MOST_CHANNELS - 1));
    words = (channels + MULTIPLIERS - 1) / MULTIPLIERS;
    make_map();
    karhunen_need(ctx, karhunen_codec_calibrate(
                           ctx, below(2) == 0 ? "transform:8" : "transform:6/0.5", VECTORS,
                           channels, 1.0, 4.0, karhunen_buffer_data(map),
                           64'(VECTORS * channels), codec));
    karhunen_need(ctx, karhunen_codec_trait(ctx, codec, KARHUNEN_COMPONENTS, number));
    components = int'(number);
    karhunen_need(ctx, karhunen_codec_parameters(ctx, codec, null, 0, bytes));
    karhunen_need(ctx, karhunen_buffer_create(ctx, bytes, blob));
    karhunen_need(ctx, karhunen_codec_parameters(ctx, codec, karhunen_buffer_data(blob), bytes,
                                                 bytes));
    karhunen_need(ctx, karhunen_buffer_create(ctx, 64'(4 * VECTORS * components), expected));
    karhunen_need(ctx, karhunen_codec_quantise(ctx, codec, karhunen_buffer_data(map),
                                               64'(VECTORS), karhunen_buffer_data(expected)));
    low <= 12'(field(6, 2));
    high <= 12'(field(8, 2));
    shift <= 6'(field(10, 1));
    last_word <= $bits(last_word)'(words - 1);
    last_component <= $bits(last_component)'(components - 1);
    {at, sent, compared} = '0;
  endfunction

  // Matrix word `at`: component, then words of its row; lanes beyond the channels are 0.
  function automatic void load_matrix();
    int first = 18 + 8 * components + 6 * channels;
    load_table <= 0;
    load_data  <= '0;
    for (int lane = 0; lane < MULTIPLIERS; lane++) begin
      int c = at % words * MULTIPLIERS + lane;
      if (c < channels)
        load_data[8*lane+:8] <= 8'(field(first + at / words * channels + c, 1));
    end
  endfunction

  function automatic void load_mean();
    load_table <= 1;
    load_data  <= '0;
    for (int lane = 0; lane < MULTIPLIERS; lane++) begin
      int c = at * MULTIPLIERS + lane;
      if (c < channels)
        load_data[12*lane+:12] <= 12'(field(18 + 8 * components + 4 * channels + 2 * c, 2));
    end
  endfunction

  function automatic void load_next(int count, state_t following);
    load_valid   <= 1;
    load_address <= $bits(load_address)'(at);
    at = at + 1;
    if (at == count) begin
      at = 0;
      state = following;
    end
  endfunction

  function automatic void put_values();
    in_values <= '0;
    for (int lane = 0; lane < MULTIPLIERS; lane++) begin
      int c = sent % words * MULTIPLIERS + lane;
      if (c < channels)
        in_values[12*lane+:12] <= 12'(element(map, 4, sent / words * channels + c));
    end
    in_last <= sent == VECTORS * words - 1;
  endfunction

  function automatic void compare();
    int symbol = element(expected, 4, compared);
    compared = compared + 1;
    symbols = symbols + 1;
    if (12'(symbol) == out_symbol && out_last == (compared == VECTORS * components)) return;
    $display("MISMATCH pca_unit: codec %0d of %0d channels, symbol %0d: %0d last %0d, expected %0d",
             codec_number, channels, compared - 1, out_symbol, out_last, symbol);
    failed = 1;
  endfunction

  function automatic void end_map();
    karhunen_buffer_destroy(map);
    karhunen_buffer_destroy(expected);
    karhunen_buffer_destroy(blob);
    karhunen_codec_destroy(codec);
    codec_number = codec_number + 1;
    done = failed || codec_number == CODECS;
    state = done ? DONE : MAKE_CODEC;
  endfunction

  initial begin
    ctx = karhunen_context_create();
    {done, failed} = '0;
    symbols = 0;
    codec_number = 0;
    state = MAKE_CODEC;
  end

  always @(posedge clk) begin
    load_valid <= 0;
    out_ready  <= 0;
    if (!rst_n) begin
      random   = seed;
      in_valid <= 0;
    end else
      case (state)
        MAKE_CODEC: begin
          make_codec();
          state = MATRIX;
        end
        MATRIX: begin
          load_matrix();
          load_next(components * words, MEAN);
        end
        MEAN: begin
          load_mean();
          load_next(words, SCALE);
        end
        SCALE: begin
          load_table <= 2;
          load_data  <= 192'(field(18 + 4 * at, 4));
          load_next(components, STREAM);
        end
        STREAM: begin
          out_ready <= below(3) > 0;
          if (in_valid && in_ready) sent = sent + 1;
          if (!in_valid || in_ready) begin
            in_valid <= sent < VECTORS * words && below(3) > 0;
            if (sent < VECTORS * words) put_values();
          end
          if (out_valid && out_ready) begin
            compare();
            if (compared == VECTORS * components || failed) end_map();
          end
        end
        default: ;
      endcase
  end

  final karhunen_context_destroy(ctx);
endmodule
