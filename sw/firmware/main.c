/* Runs the network in DDR on the accelerator and prints the result. */
#include <karhunen/boot.h>

#include "block.h"
#include "cpu.h"
#include "fault.h"
#include "feeders.h"
#include "interrupts.h"
#include "recover.h"
#include "result.h"
#include "uart.h"
#include "watch.h"

static struct network network;
static struct scheduler scheduler;

static struct krhn_boot* boot_block(void) {
    struct krhn_boot* boot = (struct krhn_boot*)KRHN_BOOT_BASE;
    if (boot->magic != KRHN_BOOT_MAGIC) *boot = (struct krhn_boot){.images = 1};
    boot->layers_done = 0;
    return boot;
}

/* Sleeps until an interrupt has something to say. Traps are off all the time: a pending interrupt
 * ends WFI even so, and is served here. */
static uint32_t wait_for_events(void) {
    while (!events && !faults) {
        wait_for_interrupt();
        if (!interrupts_service()) watch_tick();
    }
    watch_rest();
    uint32_t taken = events;
    events = 0;
    if (faults) {
        const uint32_t sources = faults;
        faults = 0;
        taken &= ~recover_from(&scheduler, sources);
    }
    return taken;
}

static void report_layers(struct krhn_boot* boot, uint32_t start) {
    while (boot->layers_done < network.layer_count &&
           scheduler.stored >= scheduler.plan[boot->layers_done + 1].stores_before) {
        if (boot->flags & KRHN_BOOT_VERBOSE) {
            print("layer %u ", boot->layers_done);
            print_name(&network, network.layers[boot->layers_done].name);
            print(" stored at cycle %u\n", (uint32_t)clint_time() - start);
        }
        ++boot->layers_done;
    }
}

/* Until all bands are stored. */
static void run_layers(struct krhn_boot* boot, uint32_t start) {
    boot->layers_done = 0;
    scheduler_feed(&scheduler, EVENTS_AT_START);
    while (!scheduler_done(&scheduler)) {
        const uint32_t taken = wait_for_events();
        scheduler_feed(&scheduler, taken);
        if (!(taken & EVENT_STORED)) continue;
        watchdog_kick(); /* only here: a machine that stores nothing is stuck */
        report_layers(boot, start);
    }
    recover_parameters(&scheduler);
}

static void run(struct krhn_boot* boot) {
    const uint64_t start = clint_time();
    boot->started_low = (uint32_t)start, boot->started_high = (uint32_t)(start >> 32);
    run_layers(boot, (uint32_t)start);
    while (scheduler.again) {
        print("noticed: values may be wrong, all is computed once more\n");
        interrupts_forget();
        scheduler_restart(&scheduler);
        run_layers(boot, (uint32_t)start);
        if (!scheduler.again) print("recovered\n");
    }
    const uint64_t end = clint_time();
    boot->finished_low = (uint32_t)end, boot->finished_high = (uint32_t)(end >> 32);
    const uint32_t errors = interrupts_errors();
    if (errors) fault_block((uint32_t)__builtin_ctz(errors));
}

int main(void) {
    struct krhn_boot* boot = boot_block();
    const bool quiet = (boot->flags & KRHN_BOOT_QUIET) != 0;
    uart_prepare();
    struct refusal why;
    if (!network_open(&network, boot->images, &why)) {
        print("Karhunen: loadable refused: %s: found %u (%x), expected %u (%x)\n", why.reason,
              why.found, why.found, why.expected, why.expected);
        return KRHN_EXIT_REFUSED;
    }
    scheduler_prepare(&scheduler, &network, boot->images);
    fault_scheduler = &scheduler;
    if (!quiet) print("Karhunen: %u layers, images: %u\n", network.layer_count, boot->images);
    variant_announce(&scheduler);

    interrupts_prepare();
    external_interrupts_on();
    watch_prepare(boot->patience_clocks);
    run(boot);

    if (!quiet) {
        for (uint32_t i = 0; i < boot->images; ++i)
            if (!print_result(&network, i)) return KRHN_EXIT_FAULT;
        print("cycles: %u\ndone\n", boot->finished_low - boot->started_low);
    }
    return KRHN_EXIT_GOOD;
}
