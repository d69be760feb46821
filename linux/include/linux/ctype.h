/* SPDX-License-Identifier: MIT */
/* linux/ctype.h: classes of characters. */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H
#include <linux/compiler.h>
#define isdigit(c) ((unsigned int)(c) - '0' < 10u)
#define islower(c) ((unsigned int)(c) - 'a' < 26u)
#define isupper(c) ((unsigned int)(c) - 'A' < 26u)
#define isalpha(c) (islower(c) || isupper(c))
#define isalnum(c) (isalpha(c) || isdigit(c))
#define isspace(c) ((c) == ' ' || ((unsigned int)(c) - '\t' < 5u))
#define isxdigit(c) (isdigit(c) || ((unsigned int)((c) | 32) - 'a' < 6u))
#define isprint(c) ((unsigned int)(c) - 0x20 < 0x5fu)
#define isgraph(c) ((unsigned int)(c) - 0x21 < 0x5eu)
#define iscntrl(c) ((unsigned int)(c) < 0x20u || (c) == 0x7f)
#define ispunct(c) (isgraph(c) && !isalnum(c))
#define isascii(c) (((unsigned char)(c)) <= 0x7f)
#define tolower(c) (isupper(c) ? (c) + 32 : (c))
#define toupper(c) (islower(c) ? (c)-32 : (c))
#endif
