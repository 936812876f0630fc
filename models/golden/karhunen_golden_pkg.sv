// libkarhunen_golden in SystemVerilog, by DPI-C. What each function does: karhunen/golden.h. All
// calls are of single values, strings and handles, so no simulator has to lay out an array for C;
// the library needs nothing of the simulator.
package karhunen_golden_pkg;

  typedef enum int {
    KARHUNEN_OK = 0,
    KARHUNEN_MORE = 1,
    KARHUNEN_END = 2,
    KARHUNEN_VIOLATION = 3,
    KARHUNEN_BAD_ARGUMENT = 4,
    KARHUNEN_BAD_DATA = 5,
    KARHUNEN_BAD_ORDER = 6,
    KARHUNEN_NO_MEMORY = 7,
    KARHUNEN_INTERNAL = 8
  } karhunen_status_t;

  typedef enum int {
    KARHUNEN_U8 = 0,
    KARHUNEN_S8 = 1,
    KARHUNEN_S12 = 2,
    KARHUNEN_S32 = 3
  } karhunen_format_t;

  typedef enum int {
    KARHUNEN_STORED_FORMAT = 0,
    KARHUNEN_DECODED_FORMAT = 1,
    KARHUNEN_LOSSLESS = 2,
    KARHUNEN_WORD_BYTES = 3,
    KARHUNEN_STREAMS_PER_CODER = 4,
    KARHUNEN_LOWEST_SYMBOL = 5,
    KARHUNEN_HIGHEST_SYMBOL = 6,
    KARHUNEN_LONGEST_CODE = 7,
    KARHUNEN_CHANNELS = 8,
    KARHUNEN_COMPONENTS = 9
  } karhunen_trait_t;

  typedef enum int {
    KARHUNEN_ACT = 0,
    KARHUNEN_RD = 1,
    KARHUNEN_RDA = 2,
    KARHUNEN_WR = 3,
    KARHUNEN_WRA = 4,
    KARHUNEN_PRE = 5,
    KARHUNEN_PREA = 6,
    KARHUNEN_REF = 7
  } karhunen_dram_operation_t;

  // verilator lint_off UNUSEDPARAM
  localparam int unsigned KARHUNEN_ANY_ROW = 32'hFFFF_FFFF;
  // verilator lint_on UNUSEDPARAM

  // Version, messages
  import "DPI-C" function string karhunen_version();
  import "DPI-C" function chandle karhunen_context_create();
  import "DPI-C" function void karhunen_context_destroy(input chandle ctx);
  import "DPI-C" function string karhunen_message_text(input chandle ctx);
  import "DPI-C" function string karhunen_status_name(input int status);

  // Codecs. parameters: karhunen_buffer_data() of their bytes, or null
  import "DPI-C" function int karhunen_codec_create(
      input chandle ctx, input string name, input int format, input chandle parameters,
      input longint unsigned bytes, output chandle codec);
  import "DPI-C" function int karhunen_codec_calibrate(
      input chandle ctx, input string setting, input int unsigned columns,
      input int unsigned channels, input real stored_scale, input real decoded_scale,
      input chandle values, input longint unsigned count, output chandle codec);
  import "DPI-C" function int karhunen_codec_from_lengths(
      input chandle ctx, input chandle lengths, input longint unsigned count, input int low,
      output chandle codec);
  import "DPI-C" function void karhunen_codec_destroy(input chandle codec);
  import "DPI-C" function int karhunen_codec_parameters(
      input chandle ctx, input chandle codec, input chandle blob,
      input longint unsigned capacity, output longint unsigned bytes);
  import "DPI-C" function int karhunen_codec_trait(
      input chandle ctx, input chandle codec, input int which, output longint value);
  import "DPI-C" function int karhunen_codec_worst_case(
      input chandle ctx, input chandle codec, input int unsigned rows,
      input int unsigned columns, input int unsigned channels, input int unsigned streams,
      output longint unsigned bytes);
  import "DPI-C" function int karhunen_codec_code(
      input chandle ctx, input chandle codec, input int symbol, output int unsigned code,
      output int unsigned length);

  // Streams word by word
  import "DPI-C" function int karhunen_encoder_create(
      input chandle ctx, input chandle codec, input int unsigned rows,
      input int unsigned columns, input int unsigned channels, input int unsigned streams,
      output chandle encoder);
  import "DPI-C" function int karhunen_encoder_create_serial(
      input chandle ctx, input chandle codec, output chandle encoder);
  import "DPI-C" function int karhunen_encoder_put_value(
      input chandle ctx, input chandle encoder, input int value);
  import "DPI-C" function int karhunen_encoder_finish(input chandle ctx, input chandle encoder);
  import "DPI-C" function int karhunen_encoder_word(
      input chandle ctx, input chandle encoder, input int unsigned stream,
      output int unsigned word, output int unsigned last);
  import "DPI-C" function void karhunen_encoder_destroy(input chandle encoder);
  import "DPI-C" function int karhunen_decoder_create(
      input chandle ctx, input chandle codec, input int unsigned rows,
      input int unsigned columns, input int unsigned channels, input int unsigned streams,
      output chandle decoder);
  import "DPI-C" function int karhunen_decoder_create_serial(
      input chandle ctx, input chandle codec, input longint unsigned count,
      output chandle decoder);
  import "DPI-C" function int karhunen_decoder_put_word(
      input chandle ctx, input chandle decoder, input int unsigned stream,
      input int unsigned word);
  import "DPI-C" function int karhunen_decoder_finish(input chandle ctx, input chandle decoder);
  import "DPI-C" function int karhunen_decoder_value(
      input chandle ctx, input chandle decoder, output int value);
  import "DPI-C" function void karhunen_decoder_destroy(input chandle decoder);

  // Quantiser, PCA; arrays are buffers
  import "DPI-C" function int karhunen_codec_quantise(
      input chandle ctx, input chandle codec, input chandle values,
      input longint unsigned vectors, input chandle symbols);
  import "DPI-C" function int karhunen_codec_reconstruct(
      input chandle ctx, input chandle codec, input chandle symbols,
      input longint unsigned vectors, input chandle values);

  // Array and post-processing; shapes are buffers with a member in every 4 bytes
  import "DPI-C" function int karhunen_convolve(
      input chandle ctx, input chandle shape, input chandle feature_map, input chandle weights,
      input chandle sums);
  import "DPI-C" function int karhunen_requantise(
      input chandle ctx, input chandle how, input longint unsigned pixels,
      input int unsigned channels, input chandle sums, input chandle bias, input chandle multiplier,
      input chandle residual, input chandle result);
  import "DPI-C" function int karhunen_add(
      input chandle ctx, input chandle how, input longint unsigned count, input chandle a,
      input int multiplier, input chandle b, input chandle result);
  import "DPI-C" function int karhunen_pooled_size(
      input chandle ctx, input chandle shape, output int unsigned rows,
      output int unsigned columns);
  import "DPI-C" function int karhunen_max_pool(
      input chandle ctx, input chandle shape, input chandle feature_map, input chandle result);
  import "DPI-C" function int karhunen_average_pool(
      input chandle ctx, input chandle shape, input chandle how, input int multiplier,
      input chandle feature_map, input chandle result);

  // DRAM
  import "DPI-C" function int karhunen_dram_create(
      input chandle ctx, input string device, input int postponed, output chandle dram);
  import "DPI-C" function int karhunen_dram_command(
      input chandle ctx, input chandle dram, input longint clock, input int operation,
      input int unsigned bank, input int unsigned row, input int unsigned column);
  import "DPI-C" function int karhunen_dram_violations(
      input chandle ctx, input chandle dram, output longint unsigned count);
  import "DPI-C" function void karhunen_dram_destroy(input chandle dram);

  // Memory that takes the part of arrays: pass karhunen_buffer_data() where C takes a pointer
  import "DPI-C" function int karhunen_buffer_create(
      input chandle ctx, input longint unsigned bytes, output chandle buffer);
  import "DPI-C" function int karhunen_buffer_set(
      input chandle ctx, input chandle buffer, input int unsigned element_bytes,
      input longint unsigned index, input int value);
  import "DPI-C" function int karhunen_buffer_get(
      input chandle ctx, input chandle buffer, input int unsigned element_bytes,
      input longint unsigned index, output int value);
  import "DPI-C" function chandle karhunen_buffer_data(input chandle buffer);
  import "DPI-C" function void karhunen_buffer_destroy(input chandle buffer);

  // Ends the simulation unless the call went well.
  function automatic void karhunen_need(chandle ctx, int status);
    if (status != KARHUNEN_OK)
      $fatal(1, "%s: %s", karhunen_status_name(status), karhunen_message_text(ctx));
  endfunction

  // A buffer with these elements, of 1, 2 or 4 bytes each.
  function automatic chandle karhunen_buffer_of(chandle ctx, int unsigned element_bytes,
                                                int values[$]);
    chandle buffer;
    karhunen_need(ctx, karhunen_buffer_create(
                               ctx, 64'(values.size()) * 64'(element_bytes), buffer));
    foreach (values[i])
      karhunen_need(ctx, karhunen_buffer_set(ctx, buffer, element_bytes, 64'(i), values[i]));
    return buffer;
  endfunction

endpackage
