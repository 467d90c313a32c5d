#include "CJemalloc.h"

// Two arenas whatever the number of cores (it would make four for each core): what lies unused in each is memory that a
// surviving machine may need for something else, and threads keep small pieces of their own. It goes back within a
// second of use, not ten.
const char *malloc_conf = "narenas:2,dirty_decay_ms:1000";
