/// What the program's memory is given out by, instead of the C library: nothing is called by its own name.
/// Settings are those of jemalloc(3), TUNING.
extern const char *malloc_conf;
