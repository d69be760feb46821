/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* overlap.h: how many are inside a function at a time, and in which order things happened. */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

struct overlap {
	atomic_t inside;
	int most, runs;
	unsigned long cpus; /* a bit for each CPU it ran on */
};

static inline void overlap_enter(struct overlap *o)
{
	int inside = atomic_inc_return(&o->inside);

	if (inside > o->most)
		o->most = inside;
	o->runs++;
	o->cpus |= 1ul << raw_smp_processor_id();
}

static inline void overlap_leave(struct overlap *o) { atomic_dec(&o->inside); }

/* Letters in the order of the calls. */
static char order[128];

static inline void note(char letter)
{
	size_t length = strlen(order);

	if (length + 1 < sizeof(order))
		order[length] = letter;
}
