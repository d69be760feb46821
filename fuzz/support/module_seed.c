/* A module that has one of each: what the loader's target begins with. */
#define IN(name) __attribute__((section(name), used))

extern int _printk(const char *format, ...);

static const char license[] IN(".modinfo") = "license=GPL";
char __this_module[1024] IN(".gnu.linkonce.this_module") = "seed";
static long counted IN(".data..percpu");
static int value = 3;
static int *const where IN(".data.rel.ro") = &value;
static char zeroes[64];

IN(".init.text") int init_module(void)
{
	counted++;
	zeroes[value & 63] = license[0];
	return _printk("seed %d %p\n", *where, (void *)zeroes);
}

IN(".exit.text") void cleanup_module(void)
{
	_printk("seed %d\n", zeroes[1]);
}
