/* SPDX-License-Identifier: MIT */
/* linux/circ_buf.h: ring buffers whose size is a power of two. */
#ifndef _LINUX_CIRC_BUF_H
#define _LINUX_CIRC_BUF_H
struct circ_buf { char *buf; int head, tail; };
#define CIRC_CNT(head, tail, size) (((head) - (tail)) & ((size)-1))
#define CIRC_SPACE(head, tail, size) CIRC_CNT((tail), ((head) + 1), (size))
#define CIRC_CNT_TO_END(head, tail, size)                                                                           \
    ({                                                                                                              \
        int __lab_end = (size) - (tail);                                                                            \
        int __lab_n = ((head) + __lab_end) & ((size)-1);                                                            \
        __lab_n < __lab_end ? __lab_n : __lab_end;                                                                  \
    })
#define CIRC_SPACE_TO_END(head, tail, size)                                                                         \
    ({                                                                                                              \
        int __lab_end = (size)-1 - (head);                                                                          \
        int __lab_n = (__lab_end + (tail)) & ((size)-1);                                                            \
        __lab_n <= __lab_end ? __lab_n : __lab_end + 1;                                                             \
    })
#endif
