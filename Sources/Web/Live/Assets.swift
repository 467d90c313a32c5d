/// The one JavaScript module that browsers load: the files of `Script/`, in the order in which they need each other.
enum LiveScript {
  static let permanence: [UInt8] = [
    PackageResources.page_js, PackageResources.clock_js, PackageResources.theme_js, PackageResources.drafts_js,
    PackageResources.keys_js, PackageResources.admissions_js, PackageResources.live_js, PackageResources.board_js,
    PackageResources.emergency_js, PackageResources.choices_js, PackageResources.reentry_js,
  ].reduce(into: []) { whole, part in whole += part + [UInt8(ascii: "\n")] }
}

/// Style sheets of the boards and of paper, after the common one.
enum BoardStyles {
  static let all: [UInt8] =
    PackageResources.board_css + PackageResources.emergency_css + PackageResources.admissions_css
    + PackageResources.print_css
}
