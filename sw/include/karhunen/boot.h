/* The boot block: what the host tells firmware before the CPU starts, and what firmware answers.
 * It fills the last 64 bytes of the SRAM; neither the program nor its stack reaches there. */
#ifndef KARHUNEN_BOOT_H
#define KARHUNEN_BOOT_H

#include <stdint.h>

#include "registers.h"

#define KRHN_BOOT_MAGIC 0x544F4F42u /* "BOOT"; anything else: one image, no flags */
#define KRHN_BOOT_BYTES 64u
#define KRHN_BOOT_BASE (KRHN_SRAM_BASE + KRHN_SRAM_BYTES - KRHN_BOOT_BYTES)

#define KRHN_BOOT_VERBOSE 0x1u /* a line on the UART per finished layer */
#define KRHN_BOOT_QUIET 0x2u   /* errors only */

/* Exit codes that firmware writes to KRHN_SIMULATION_EXIT */
#define KRHN_EXIT_GOOD 0u
#define KRHN_EXIT_REFUSED 2u /* the loadable is broken, or was made for a larger machine */
#define KRHN_EXIT_FAULT 3u   /* a trap, or a block in error */

struct krhn_boot {
    uint32_t magic;                     /* host */
    uint32_t images;                    /* host: pictures of the batch to run, at least 1 */
    uint32_t flags;                     /* host: KRHN_BOOT_... */
    uint32_t layers_done;               /* firmware: layers whose maps are stored for all images */
    uint32_t started_low, started_high; /* firmware: mtime before the first job */
    uint32_t finished_low,
        finished_high; /* firmware: mtime after the last store, before printing */
    uint32_t
        patience_clocks; /* host: without any interrupt for so long firmware gives up; 0: never */
    uint32_t reserved[7];
};

#ifdef __cplusplus
static_assert(sizeof(krhn_boot) == KRHN_BOOT_BYTES, "layout is part of the interface");
#endif

#endif
