/* SPDX-License-Identifier: MIT */
/* linux/typecheck.h: a warning where a type differs. */
#ifndef _LINUX_TYPECHECK_H
#define _LINUX_TYPECHECK_H
#define typecheck(type, x)                                                                                          \
    ({                                                                                                              \
        type __lab_dummy;                                                                                           \
        typeof(x) __lab_dummy2;                                                                                     \
        (void)(&__lab_dummy == &__lab_dummy2);                                                                      \
        1;                                                                                                          \
    })
#endif
