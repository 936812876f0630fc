// What the benches have in common: random numbers that any simulator draws alike, random codes.
package golden_bench_pkg;
  import karhunen_golden_pkg::*;

  function automatic int unsigned random_below(inout int unsigned random, input int unsigned limit);
    random = random * 1664525 + 1013904223;
    return (random >> 8) % limit;
  endfunction

  // Huffman code of values that are the rarer the larger, by the library's own calibration.
  function automatic void random_code(input chandle ctx, inout int unsigned random,
                                      output chandle codec, output int first, output int last);
    int values[$];
    chandle buffer;
    longint symbol;
    int unsigned spread = 2 + random_below(random, 40);
    for (int i = 0; i < 512; i++)
      values.push_back(int'(random_below(random, spread) * random_below(random, spread)) -
                       int'(spread));
    buffer = karhunen_buffer_of(ctx, 4, values);
    karhunen_need(ctx, karhunen_codec_calibrate(ctx, "vlc:6", 1, 1, 1.0, 1.0,
                                                karhunen_buffer_data(buffer), 512, codec));
    karhunen_need(ctx, karhunen_codec_trait(ctx, codec, KARHUNEN_LOWEST_SYMBOL, symbol));
    first = int'(symbol);
    karhunen_need(ctx, karhunen_codec_trait(ctx, codec, KARHUNEN_HIGHEST_SYMBOL, symbol));
    last = int'(symbol);
    karhunen_buffer_destroy(buffer);
  endfunction

endpackage
