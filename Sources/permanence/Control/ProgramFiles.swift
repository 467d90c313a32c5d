import Glibc
import Ledger
import Replication

/// This program and the libraries that it has loaded, but the C library's own, which every Linux has.
enum ProgramFiles {
  private static let everywhere = [
    "ld-linux", "libanl.so", "libc.so", "libdl.so", "libm.so", "libnss_", "libpthread.so", "libresolv.so", "librt.so",
    "libutil.so",
  ]

  /// Held open from here on: an upgrade takes files away under a station that runs.
  static let held = Result(catching: hold)

  private static func hold() throws(FileFault) -> [ProgramFile] {
    // Under whatever name it was installed, the script calls it so.
    var files = [ProgramFile(name: "permanence", path: try hold("/proc/self/exe"))]
    for path in loaded() where path.contains("/") {
      let name = String(path.split(separator: "/").last ?? "")
      if !everywhere.contains(where: name.hasPrefix) { files.append(ProgramFile(name: name, path: try hold(path))) }
    }
    return files
  }

  private static func hold(_ path: String) throws(FileFault) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(.open, path) }
    return "/proc/self/fd/\(descriptor)"
  }

  /// As the loader found them: the names are those that it will look for again, whatever lies behind the links.
  private static func loaded() -> [String] {
    let list = dlsym(nil, "_r_debug")?.assumingMemoryBound(to: r_debug.self)
    var entry = list?.pointee.r_map
    var paths: [String] = []
    while let library = entry?.pointee {
      if let path = library.l_name { paths.append(String(cString: path)) }
      entry = library.l_next
    }
    return paths
  }
}
