/* Register map of the accelerator: the one description that firmware and models share, and of which
 * `karhunen registers` makes all others (docs/registers.md, sw/registers).
 *
 * A block's registers are a list of X(name, offset, access, reset, text). Firmware reads the
 * offsets as enumerators (KRHN_DMA_DESCRIPTOR), the models build their register objects from the
 * same list. Every register is 32 bits wide (8 in the UART) and is accessed aligned and whole.
 *
 * access: RO  read only; a write is a bus error
 *         RW  read and write
 *         RWS read and write; a read has side effects
 *         W1C read; writing a 1 clears the bit
 *         WO  write only; reads as zero
 *
 * The fields of a register are a list of X(register, name, first bit, bits, text), values of a
 * field one of X(register, field, name, value, text). Lists take what stands for `register`, as
 * several registers share them.
 */
#ifndef KARHUNEN_REGISTERS_H
#define KARHUNEN_REGISTERS_H

#include <stdint.h>

/* Tables, aligned by hand. */
/* clang-format off */

/* ---- Memory map ------------------------------------------------------------------------- */
#define KRHN_SIMULATION_CONTROL_BASE 0x00100000u
#define KRHN_CLINT_BASE 0x02000000u
#define KRHN_PLIC_BASE 0x0C000000u
#define KRHN_UART_BASE 0x10000000u
#define KRHN_BLOCK_BASE 0x10010000u
#define KRHN_BLOCK_BYTES 0x1000u
#define KRHN_SRAM_BASE 0x20000000u
#define KRHN_SRAM_BYTES 0x00040000u
#define KRHN_DDR_BASE 0x80000000u

#define KRHN_SIMULATION_CONTROL_BYTES 0x1000u
#define KRHN_CLINT_BYTES 0x10000u
#define KRHN_PLIC_BYTES 0x400000u
#define KRHN_UART_BYTES 0x100u

#define KRHN_BLOCK(n) (KRHN_BLOCK_BASE + KRHN_BLOCK_BYTES * (n))
#define KRHN_DMA_BASE KRHN_BLOCK(0)
#define KRHN_DDR_CONTROLLER_BASE KRHN_BLOCK(1)
#define KRHN_INPUT_DECODER_BASE KRHN_BLOCK(2)
#define KRHN_RESIDUAL_DECODER_BASE KRHN_BLOCK(3)
#define KRHN_COMPUTE_ARRAY_BASE KRHN_BLOCK(4)
#define KRHN_POST_PROCESSING_BASE KRHN_BLOCK(5)
#define KRHN_ENCODER_BASE KRHN_BLOCK(6)
#define KRHN_BUFFERS_BASE KRHN_BLOCK(7)

/* ---- Interrupt lines at the PLIC ---------------------------------------------------------- */
#define KRHN_IRQ_UART 1u
#define KRHN_IRQ_DMA 2u
#define KRHN_IRQ_DDR_CONTROLLER 3u
#define KRHN_IRQ_INPUT_DECODER 4u
#define KRHN_IRQ_RESIDUAL_DECODER 5u
#define KRHN_IRQ_COMPUTE_ARRAY 6u
#define KRHN_IRQ_POST_PROCESSING 7u
#define KRHN_IRQ_ENCODER 8u
#define KRHN_IRQ_SOURCES 9u /* source 0 does not exist */

/* ---- Simulation control, CLINT, PLIC ------------------------------------------------------- */
#define KRHN_SIMULATION_CONTROL_REGISTERS(X)                                                       \
    X(EXIT, 0x00, WO, 0, "ends the simulation with this exit code")                                \
    X(WATCHDOG, 0x04, WO, 0, "restarts the watchdog")

#define KRHN_CLINT_REGISTERS(X)                                                                    \
    X(MSIP, 0x0000, RW, 0, "the software interrupt")                                               \
    X(MTIMECMP, 0x4000, RW, 0xFFFFFFFFu, "the timer interrupts while MTIME is not below; bits 31:0") \
    X(MTIMECMP_HIGH, 0x4004, RW, 0xFFFFFFFFu, "bits 63:32")                                        \
    X(MTIME, 0xBFF8, RW, 0, "clocks of the CPU; bits 31:0")                                        \
    X(MTIME_HIGH, 0xBFFC, RW, 0, "bits 63:32")
#define KRHN_MSIP_FIELDS(X, r) X(r, PENDING, 0, 1, "drives the software interrupt line")

/* Sources 1 to KRHN_IRQ_SOURCES - 1, whose priorities lie one behind the other. */
#define KRHN_PLIC_SOURCE_BYTES 4u
#define KRHN_PLIC_SOURCE_REGISTERS(X)                                                              \
    X(PRIORITY, 0x000000, RW, 0, "0: never; of those pending the highest comes first")
#define KRHN_PRIORITY_FIELDS(X, r) X(r, LEVEL, 0, 3, "0 to 7")
#define KRHN_PLIC_REGISTERS(X)                                                                     \
    X(PENDING, 0x001000, RO, 0, "bit n: source n is pending")                                      \
    X(ENABLE, 0x002000, RW, 0, "bit n: source n may interrupt")                                    \
    X(THRESHOLD, 0x200000, RW, 0, "sources of this priority or less do not raise the line")        \
    X(CLAIM, 0x200004, RWS, 0, "read: claims the best pending source, 0 if none; write: completes it")
#define KRHN_SOURCES_FIELDS(X, r) X(r, SOURCES, 1, 8, "one bit per source")

/* ---- UART: PC16550D data sheet, section 8; registers of one byte --------------------------- */
#define KRHN_UART_REGISTERS(X)                                                                     \
    X(DATA, 0, RWS, 0, "RBR, THR: next byte received, byte to send; LCR.DIVISOR: divisor, low byte") \
    X(IER, 1, RW, 0, "interrupt enable; with LCR.DIVISOR the divisor's high byte")                 \
    X(IIR_FCR, 2, RWS, 0x01, "read: which interrupt; write: FIFO control")                         \
    X(LCR, 3, RW, 0, "line control")                                                               \
    X(MCR, 4, RW, 0, "modem control")                                                              \
    X(LSR, 5, RW, 0x60, "line status; writes are without effect")                                  \
    X(MSR, 6, RW, 0xB0, "modem status: the other side is ready; writes are without effect")        \
    X(SCR, 7, RW, 0, "scratch: kept, of no meaning")
#define KRHN_IER_FIELDS(X, r)                                                                      \
    X(r, RECEIVED, 0, 1, "interrupt while a byte received waits")                                  \
    X(r, THR_EMPTY, 1, 1, "interrupt when the transmitter has become empty")
#define KRHN_LCR_FIELDS(X, r)                                                                      \
    X(r, WORD_LENGTH, 0, 2, "bits of a character less 5")                                          \
    X(r, STOP, 2, 1, "two stop bits")                                                              \
    X(r, PARITY, 3, 3, "enable, even, stick")                                                      \
    X(r, BREAK, 6, 1, "holds the line low")                                                        \
    X(r, DIVISOR, 7, 1, "DATA and IER are the divisor (DLAB)")
#define KRHN_MCR_FIELDS(X, r)                                                                      \
    X(r, OUTPUTS, 0, 4, "DTR, RTS, OUT1, OUT2")                                                    \
    X(r, LOOP, 4, 1, "what is sent is received")
#define KRHN_LSR_FIELDS(X, r)                                                                      \
    X(r, DATA_READY, 0, 1, "a byte received waits")                                                \
    X(r, THR_EMPTY, 5, 1, "the next byte may be written")                                          \
    X(r, IDLE, 6, 1, "all bytes have left")

/* ---- Bits that every block has in common ---------------------------------------------------- */
#define KRHN_ID_FIELDS(X, r)                                                                       \
    X(r, VERSION, 0, 8, "of the block")                                                            \
    X(r, BLOCK, 8, 8, "n of its address, block base + 0x1000 n")                                   \
    X(r, LETTER, 24, 8, "'K'")
#define KRHN_CONTROL_FIELDS(X, r)                                                                  \
    X(r, START, 0, 1, "queues the job (starts the chain) that the parameters describe; clears itself") \
    X(r, RESET, 1, 1, "drops queued jobs and clears ERROR; only while no job runs")
#define KRHN_STATUS_FIELDS(X, r)                                                                   \
    X(r, BUSY, 0, 1, "a job is running")                                                           \
    X(r, FULL, 1, 1, "the shadow job is taken: do not start another")
#define KRHN_IRQ_FIELDS(X, r)                                                                      \
    X(r, DONE, 0, 1, "a job has finished")                                                         \
    X(r, READY, 1, 1, "the shadow job moved on: another may be started")                           \
    X(r, ERROR, 2, 1, "ERROR is not zero")
/* A block in error finishes nothing until CONTROL.RESET. */
#define KRHN_ERROR_FIELDS(X, r)                                                                    \
    X(r, START_WHEN_FULL, 0, 1, "START while the shadow job was taken")                            \
    X(r, PARAMETER, 1, 1, "a parameter is out of range or does not fit")                           \
    X(r, STREAM, 2, 1, "a compressed stream is malformed or ended early")                          \
    X(r, BUS, 3, 1, "a memory access was answered with an error")                                  \
    X(r, CHECKSUM, 4, 1, "CRC-32 of a band does not match its tile table entry")                   \
    X(r, TABLE, 5, 1, "codec parameters malformed, or of another codec")                           \
    X(r, DESCRIPTOR, 6, 1, "DMA descriptor malformed")

/* Registers at the start of every block. */
#define KRHN_COMMON_REGISTERS(X)                                                                   \
    X(ID, 0x00, RO, 0, "block identification: 'K', block number, version")                        \
    X(CONTROL, 0x04, WO, 0, "starts and resets")                                                    \
    X(STATUS, 0x08, RO, 0, "what the block is at")                                                 \
    X(IRQ_STATUS, 0x0C, W1C, 0, "what has happened")                                               \
    X(IRQ_ENABLE, 0x10, RW, 0, "which bits of IRQ_STATUS raise the interrupt line")                \
    X(ERROR, 0x14, W1C, 0, "causes of error, one bit each")                                        \
    X(JOBS_DONE, 0x18, RO, 0, "jobs finished since reset, modulo 2^32")

/* A codec job: one band through the encoder or a decoder. */
#define KRHN_ENCODER_REGISTERS(X)                                                                  \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(CODEC, 0x44, RW, 0, "codec number, krhn_codec")                                              \
    X(FORMAT, 0x48, RW, 0, "format of the values in the output buffer, krhn_format")               \
    X(ROWS, 0x4C, RW, 0, "rows of the band")                                                       \
    X(WIDTH, 0x50, RW, 0, "values in a row of one channel")                                        \
    X(CHANNELS, 0x54, RW, 0, "channels")                                                           \
    X(ROW_SEQUENCE, 0x58, RW, 0, "sequence number of the band's first row in the output buffer")   \
    X(STREAMS, 0x5C, RW, 0, "substreams of the band, 1 to 12")                                     \
    X(TABLE_SEQUENCE, 0x60, RW, 0, "which loaded table: number of tables loaded before it")        \
    X(FLAGS, 0x64, RW, 0, "what else to do")

#define KRHN_DECODER_REGISTERS(X)                                                                  \
    KRHN_ENCODER_REGISTERS(X)                                                                      \
    X(REGION, 0x68, RW, 0, "region of the buffer that takes the rows: 0 to 3")                     \
    X(REGION_BYTES, 0x6C, RW, 0, "most bytes of rows that the region may hold")                    \
    X(SKIP_ROWS, 0x70, RW, 0, "first rows of the band that are dropped: handed on before an error") \
    X(ROWS_DONE, 0x74, RO, 0, "rows of the latest job that were handed on or dropped")

#define KRHN_CODEC_FLAGS_FIELDS(X, r)                                                              \
    X(r, RELEASE_TABLE, 0, 1, "release the table after this band")

#define KRHN_COMPUTE_ARRAY_REGISTERS(X)                                                            \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(KIND, 0x44, RW, 0, "of the job")                                                             \
    X(REGION, 0x48, RW, 0, "region of the activation buffer that holds the input rows")            \
    X(INPUT_SEQUENCE, 0x4C, RW, 0, "sequence number of row 0 of the input map")                    \
    X(INPUT_HEIGHT, 0x50, RW, 0, "rows of the input map")                                          \
    X(INPUT_WIDTH, 0x54, RW, 0, "columns of the input map")                                        \
    X(INPUT_CHANNELS, 0x58, RW, 0, "channels of the input map")                                    \
    X(OUTPUT_ROW, 0x5C, RW, 0, "first output row of the job")                                      \
    X(OUTPUT_ROWS, 0x60, RW, 0, "output rows of the job")                                          \
    X(OUTPUT_WIDTH, 0x64, RW, 0, "output columns")                                                 \
    X(OUTPUT_CHANNELS, 0x68, RW, 0, "output channels, all chunks together")                        \
    X(KERNEL, 0x6C, RW, 0, "size of the kernel")                                                   \
    X(STRIDE, 0x70, RW, 0, "from output to output")                                                \
    X(PADDING, 0x74, RW, 0, "at top and left; bottom and right follow from the output size")       \
    X(WEIGHT_SEQUENCE, 0x78, RW, 0, "first weight chunk: number of chunks loaded before it")       \
    X(WEIGHT_CHUNKS, 0x7C, RW, 0, "weight chunks of the job")                                      \
    X(CHUNK_CHANNELS, 0x80, RW, 0, "output channels of each chunk; the last may have fewer")       \
    X(FLAGS, 0x84, RW, 0, "what to free, and the order of work")                                   \
    X(DILATION, 0x88, RW, 0x0101, "from tap to tap of the kernel")                                 \
    X(GROUPS, 0x8C, RW, 1, "groups of channels: an output channel takes those of its group alone")

#define KRHN_PAIR_FIELDS(X, r)                                                                     \
    X(r, HORIZONTAL, 0, 8, "width, left")                                                          \
    X(r, VERTICAL, 8, 8, "height, top")
#define KRHN_ARRAY_KIND_FIELDS(X, r) X(r, KIND, 0, 32, "what the array does")
#define KRHN_ARRAY_KIND_VALUES(X, r)                                                               \
    X(r, KIND, CONVOLUTION, 0, "multiplies")                                                       \
    X(r, KIND, PASS, 1, "passes rows through to post-processing")
#define KRHN_ARRAY_FLAGS_FIELDS(X, r)                                                              \
    X(r, RELEASE_SLIDING, 0, 1, "free input rows that no later output row needs")                  \
    X(r, RELEASE_ALL, 1, 1, "free all rows of the input map when the job ends")                    \
    X(r, RELEASE_WEIGHTS, 2, 1, "free each chunk after its last use in the job")                   \
    X(r, CHUNK_OUTERMOST, 3, 1, "all rows of a chunk, then the next")                              \
    X(r, WEIGHTS_4_BIT, 4, 1, "chunks hold weights of 4 bits, two to a byte")
#define KRHN_ARRAY_WEIGHT_BITS(flags) ((flags) & KRHN_ARRAY_WEIGHTS_4_BIT ? 4u : 8u)

/* Post-processing takes the accumulator rows of one array job, in order. */
#define KRHN_POST_PROCESSING_REGISTERS(X)                                                          \
    X(TAG, 0x40, RW, 0, "free for software; copied to statistics and waveforms (layer number)")    \
    X(FLAGS, 0x44, RW, 0, "what to do with the rows, and where results go")                        \
    X(WIDTH, 0x48, RW, 0, "columns of the rows that come from the array")                          \
    X(ROWS, 0x4C, RW, 0, "rows that come from the array in this job")                              \
    X(CHANNELS, 0x50, RW, 0, "channels that come from the array, all chunks together")             \
    X(FORMAT, 0x54, RW, 0, "format of the result, krhn_format")                                    \
    X(SHIFT, 0x58, RW, 0, "right shift of the requantisation")                                     \
    X(MULTIPLIER, 0x5C, RW, 0, "multiplier where no weight chunk brings one (pass, average)")      \
    X(RESIDUAL_MULTIPLIER, 0x60, RW, 0, "multiplier of the residual operand")                      \
    X(RESIDUAL_SEQUENCE, 0x64, RW, 0, "sequence number of the first residual row")                 \
    X(OUTPUT_SEQUENCE, 0x68, RW, 0, "sequence number of the first result row in its buffer")       \
    X(POOL, 0x6C, RW, 0, "the square window of a pooling")                                         \
    X(POOL_HEIGHT, 0x70, RW, 0, "rows of the whole map before pooling")                            \
    X(POOL_ROW, 0x74, RW, 0, "index in that map of the first row of this job")                     \
    X(OUTPUT_ROWS, 0x78, RW, 0, "result rows of this job")                                         \
    X(RESIDUAL_REGION, 0x7C, RW, 0, "region of the residual buffer that the operand is read from") \
    X(RESULT_REGION, 0x80, RW, 0, "region of the buffer that takes the results; output: 0")        \
    X(ROW_CHANNELS, 0x84, RW, 0, "channels of a result row, if jobs make it together; 0: CHANNELS") \
    X(FIRST_CHANNEL, 0x88, RW, 0, "of the result row, that the job's channels begin at")

#define KRHN_POST_FLAGS_FIELDS(X, r)                                                               \
    X(r, RELU, 0, 1, "negative results become 0")                                                  \
    X(r, RESIDUAL, 1, 1, "add the rows of the residual buffer")                                    \
    X(r, RELEASE_RESIDUAL, 2, 1, "free residual rows after their last use in the job")             \
    X(r, TO_RESIDUAL, 3, 1, "results go to the residual buffer (shortcut)")                        \
    X(r, MAX_POOL, 4, 1, "after requantisation")                                                   \
    X(r, AVERAGE_POOL, 5, 1, "sum of the window, requantised once")                                \
    X(r, CHUNKED_ROWS, 6, 1, "rows come once per chunk, all rows of a chunk first")                \
    X(r, TO_INPUT, 7, 1, "results go to the activation buffer (sums)")
#define KRHN_POOL_FIELDS(X, r)                                                                     \
    X(r, PADDING, 0, 8, "at every side")                                                           \
    X(r, STRIDE, 8, 8, "from window to window")                                                    \
    X(r, KERNEL, 16, 8, "height and width")                                                        \
    X(r, PARTIAL, 24, 1, "windows count that begin in the map (or its padding) and end behind it")

/* Activation and residual buffer have regions, each with rows of its own and a limit. */
#define KRHN_BUFFER_REGIONS 4u

/* Sizes, so that software can refuse a loadable made for a larger machine. */
#define KRHN_BUFFERS_REGISTERS(X)                                                                  \
    X(WEIGHT_BYTES, 0x40, RO, 0, "size of the weight buffer")                                      \
    X(ACTIVATION_BYTES, 0x44, RO, 0, "size of the activation buffer")                              \
    X(OUTPUT_BYTES, 0x48, RO, 0, "size of the output buffer")                                      \
    X(RESIDUAL_BYTES, 0x4C, RO, 0, "size of the residual buffer")                                  \
    X(TABLE_BYTES, 0x50, RO, 0, "size of the table memory of the encoder and of each decoder")     \
    X(WEIGHT_PEAK, 0x54, RO, 0, "most bytes ever held")                                            \
    X(ACTIVATION_PEAK, 0x58, RO, 0, "most bytes ever held")                                        \
    X(OUTPUT_PEAK, 0x5C, RO, 0, "most bytes ever held")                                            \
    X(RESIDUAL_PEAK, 0x60, RO, 0, "most bytes ever held")

/* The DMA has channels; each has its own control and status. */
#define KRHN_DMA_CHANNELS 8u
#define KRHN_DMA_CHANNEL_BYTES 0x20u
#define KRHN_DMA_CHANNEL(c) (0x40u + KRHN_DMA_CHANNEL_BYTES * (c))
#define KRHN_DMA_CHANNEL_REGISTERS(X)                                                              \
    X(DESCRIPTOR, 0x00, RW, 0, "address of the first descriptor of the chain, aligned to 4")       \
    X(CHANNEL_CONTROL, 0x04, WO, 0, "starts and resets")                                           \
    X(CHANNEL_STATUS, 0x08, RO, 0, "what the channel is at")                                        \
    X(CHANNEL_ERROR, 0x0C, RO, 0, "causes of error, one bit each")                                 \
    X(ERROR_ADDRESS, 0x10, RO, 0, "address of the access or descriptor that failed")               \
    X(CHAINS_DONE, 0x14, RO, 0, "chains finished since reset, modulo 2^32")
#define KRHN_DMA_IRQ_FIELDS(X, r)                                                                  \
    X(r, DONE, 0, 8, "bit c: a chain of channel c is done")                                        \
    X(r, READY, 8, 8, "bit 8 + c: channel c can take another chain")                               \
    X(r, ERROR, 16, 8, "bit 16 + c: channel c is in error")
#define KRHN_DMA_IRQ_DONE(c) (1u << (c))
#define KRHN_DMA_IRQ_READY(c) (1u << (8u + (c)))
#define KRHN_DMA_IRQ_ERROR(c) (1u << (16u + (c)))

/* The controller has ID and STATUS.BUSY of the common registers, and no jobs. */
#define KRHN_DDR_CONTROLLER_REGISTERS(X)                                                           \
    X(SIZE_MIB, 0x40, RO, 0, "size of the memory")                                                 \
    X(CLOCK_KHZ, 0x44, RO, 0, "clock of the command bus")                                          \
    X(READ_KIB, 0x48, RO, 0, "KiB read since reset")                                               \
    X(WRITTEN_KIB, 0x4C, RO, 0, "KiB written since reset")

/* ---- Constants for firmware: KRHN_<BLOCK>_<REGISTER> is the offset in the block, with BLOCK one
 * of ENCODER, DECODER, ARRAY, POST, BUFFERS, DMA, DDR, SIMULATION, CLINT, PLIC, UART. Those that all
 * blocks have are KRHN_<REGISTER>: KRHN_STATUS. ------------------------------------------------ */
#define KRHN_OFFSET_COMMON(name, offset, access, reset, text) KRHN_##name = (offset),
#define KRHN_OFFSET_ENCODER(name, offset, access, reset, text) KRHN_ENCODER_##name = (offset),
#define KRHN_OFFSET_DECODER(name, offset, access, reset, text) KRHN_DECODER_##name = (offset),
#define KRHN_OFFSET_ARRAY(name, offset, access, reset, text) KRHN_ARRAY_##name = (offset),
#define KRHN_OFFSET_POST(name, offset, access, reset, text) KRHN_POST_##name = (offset),
#define KRHN_OFFSET_BUFFERS(name, offset, access, reset, text) KRHN_BUFFERS_##name = (offset),
#define KRHN_OFFSET_DMA(name, offset, access, reset, text) KRHN_DMA_##name = (offset),
#define KRHN_OFFSET_DDR(name, offset, access, reset, text) KRHN_DDR_##name = (offset),
#define KRHN_OFFSET_SIMULATION(name, offset, access, reset, text) KRHN_SIMULATION_##name = (offset),
#define KRHN_OFFSET_CLINT(name, offset, access, reset, text) KRHN_CLINT_##name = (offset),
#define KRHN_OFFSET_PLIC(name, offset, access, reset, text) KRHN_PLIC_##name = (offset),
#define KRHN_OFFSET_UART(name, offset, access, reset, text) KRHN_UART_##name = (offset),
enum krhn_register_offset {
    KRHN_COMMON_REGISTERS(KRHN_OFFSET_COMMON)
    KRHN_ENCODER_REGISTERS(KRHN_OFFSET_ENCODER)
    KRHN_DECODER_REGISTERS(KRHN_OFFSET_DECODER)
    KRHN_COMPUTE_ARRAY_REGISTERS(KRHN_OFFSET_ARRAY)
    KRHN_POST_PROCESSING_REGISTERS(KRHN_OFFSET_POST)
    KRHN_BUFFERS_REGISTERS(KRHN_OFFSET_BUFFERS)
    KRHN_DMA_CHANNEL_REGISTERS(KRHN_OFFSET_DMA)
    KRHN_DDR_CONTROLLER_REGISTERS(KRHN_OFFSET_DDR)
    KRHN_SIMULATION_CONTROL_REGISTERS(KRHN_OFFSET_SIMULATION)
    KRHN_CLINT_REGISTERS(KRHN_OFFSET_CLINT)
    KRHN_PLIC_SOURCE_REGISTERS(KRHN_OFFSET_PLIC)
    KRHN_PLIC_REGISTERS(KRHN_OFFSET_PLIC)
    KRHN_UART_REGISTERS(KRHN_OFFSET_UART)
};

/* Masks of fields and values in their place: KRHN_CONTROL_START, KRHN_ARRAY_RELEASE_SLIDING. In C
 * they are enumerators, as constants must be, in C++ numbers without a sign. */
#ifdef __cplusplus
#define KRHN_CONSTANT(name, number) constexpr uint32_t name = (number);
#else
#define KRHN_CONSTANT(name, number) enum { name = (number) };
#endif
#define KRHN_MASK(prefix, name, first, bits, text)                                                 \
    KRHN_CONSTANT(KRHN_##prefix##_##name, (0xFFFFFFFFu >> (32 - (bits))) << (first))
#define KRHN_VALUE(prefix, field, name, value, text) KRHN_CONSTANT(KRHN_##prefix##_##name, value)
KRHN_CONTROL_FIELDS(KRHN_MASK, CONTROL)
KRHN_STATUS_FIELDS(KRHN_MASK, STATUS)
KRHN_IRQ_FIELDS(KRHN_MASK, IRQ)
KRHN_ERROR_FIELDS(KRHN_MASK, ERROR)
KRHN_CODEC_FLAGS_FIELDS(KRHN_MASK, CODEC)
KRHN_ARRAY_KIND_VALUES(KRHN_VALUE, ARRAY)
KRHN_ARRAY_FLAGS_FIELDS(KRHN_MASK, ARRAY)
KRHN_POST_FLAGS_FIELDS(KRHN_MASK, POST)
KRHN_POOL_FIELDS(KRHN_MASK, POOL)
KRHN_IER_FIELDS(KRHN_MASK, UART_IER)
KRHN_LCR_FIELDS(KRHN_MASK, UART_LCR)
KRHN_MCR_FIELDS(KRHN_MASK, UART_MCR)
KRHN_LSR_FIELDS(KRHN_MASK, UART_LSR)

#endif
