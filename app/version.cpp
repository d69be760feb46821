// The version, as the build gives it.
#include "app/verbs.hpp"

#ifndef IRQLAB_VERSION
#define IRQLAB_VERSION "unknown"
#endif

namespace irqlab::app {

const char* version() { return IRQLAB_VERSION; }

} // namespace irqlab::app
