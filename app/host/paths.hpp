// Where things lie on the host: our own program, the drivers' headers, other programs, temporary folders.
#pragma once
#include <string>
#include <string_view>

namespace irqlab::app {

/// The folder `linux/` that drivers are compiled against (it holds include/ and abi/): $IRQLAB_LINUX, or
/// share/irqlab/linux beside the installed program, or the source tree that we were built from.
/// @return empty when none of them is there.
std::string linux_directory();

/// The program that runs, as an absolute path.
std::string own_program();

/// The first executable called `name` in `path` (as $PATH), or empty. @param skip a folder to pass over.
std::string find_program(std::string_view name, std::string_view path, std::string_view skip = {});
/// The same in our own $PATH.
std::string find_program(std::string_view name);

/// Absolute and without "." or ".."; links are kept, as the person who typed it expects.
std::string absolute_path(std::string_view path, std::string_view base = {});

bool read_file(const std::string& path, std::string& text);
bool write_file(const std::string& path, std::string_view text);

/// A folder under $TMPDIR that goes when this object goes.
class TemporaryDirectory {
  public:
    explicit TemporaryDirectory(const char* purpose);
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::string& path() const { return path_; } // empty: it could not be made

  private:
    std::string path_;
};

} // namespace irqlab::app
