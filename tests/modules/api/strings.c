// SPDX-License-Identifier: MIT OR GPL-2.0
/* strings: memory and text [LX core-api/kernel-api] "String Manipulation", "String Conversions". */
#include <linux/string.h>
#include "api.h"

static void memory(void)
{
	char bytes[9] = "abcdefgh";

	expect(memset(bytes, 'x', 3) == bytes && !strcmp(bytes, "xxxdefgh"));
	expect(memcpy(bytes, "12", 2) == bytes && !strcmp(bytes, "12xdefgh"));
	expect(memmove(bytes + 2, bytes, 6) == bytes + 2 && !strcmp(bytes, "1212xdef"));
	expect(memmove(bytes, bytes + 1, 6) == bytes && !strcmp(bytes, "212xdeef"));
}

static void text(void)
{
	char buffer[16];

	memset(buffer, '#', sizeof(buffer));
	expect(strcpy(buffer, "hello") == buffer && strlen(buffer) == 5 && buffer[6] == '#');
	expect(strlen("") == 0);
	expect(sprintf(buffer, "%d-%s-%02x", -5, "ab", 10) == 8 && !strcmp(buffer, "-5-ab-0a"));
	/* snprintf tells how long it would have been, and ends the text in any case */
	memset(buffer, '#', sizeof(buffer));
	expect(snprintf(buffer, 6, "%s", "overflowing") == 11);
	expect(!strcmp(buffer, "overf") && buffer[6] == '#');
	expect(snprintf(NULL, 0, "%u", 1234567u) == 7);
}

static void scanning(void)
{
	int number = 0, hexadecimal = 0;
	char word[8] = "";
	unsigned long wide = 0;

	expect(sscanf("12 0x1f word", "%d %x %7s", &number, &hexadecimal, word) == 3);
	expect(number == 12 && hexadecimal == 0x1f && !strcmp(word, "word"));
	expect(sscanf("-7,99999999999", "%d,%lu", &number, &wide) == 2 && number == -7 && wide == 99999999999UL);
	expect(sscanf("none", "%d", &number) == 0);
	expect(sscanf("3:x", "%d:%d", &number, &hexadecimal) == 1 && number == 3);
}

static int __init strings_init(void)
{
	memory();
	text();
	scanning();
	return api_answer("strings");
}

static void __exit strings_exit(void)
{
}

module_init(strings_init);
module_exit(strings_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("strings");
