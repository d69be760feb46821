/* SPDX-License-Identifier: MIT */
/* linux/irqflags.h: the CPU's interrupt flag. */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H
#include <linux/typecheck.h>
#include <abi/lock.h>
#define local_irq_enable() __lab_irq_enable()
#define local_irq_disable() __lab_irq_disable()
#define local_irq_save(flags)                                                                                       \
    do {                                                                                                            \
        typecheck(unsigned long, flags);                                                                            \
        flags = __lab_irq_save();                                                                                   \
    } while (0)
#define local_irq_restore(flags)                                                                                    \
    do {                                                                                                            \
        typecheck(unsigned long, flags);                                                                            \
        __lab_irq_restore(flags);                                                                                   \
    } while (0)
#define local_save_flags(flags)                                                                                     \
    do {                                                                                                            \
        typecheck(unsigned long, flags);                                                                            \
        flags = __lab_irq_flags();                                                                                  \
    } while (0)
#define raw_local_irq_save(flags) local_irq_save(flags)
#define raw_local_irq_restore(flags) local_irq_restore(flags)
#define raw_local_irq_disable() local_irq_disable()
#define raw_local_irq_enable() local_irq_enable()
#define arch_local_irq_enable() __lab_irq_enable()
#define arch_local_irq_disable() __lab_irq_disable()
#define arch_local_save_flags() __lab_irq_flags()
#define irqs_disabled() __lab_irqs_disabled()
#define irqs_disabled_flags(flags) (!((flags)&0x200UL))
#define raw_irqs_disabled() irqs_disabled()
#define lockdep_assert_irqs_disabled() ((void)0)
#define lockdep_assert_irqs_enabled() ((void)0)
#endif
