/// Every template by the name under which pages ask for it. One line each, in the order of the alphabet; its file is
/// named in `Package.swift` too.
enum AllTemplates {
  static let sources: [String: [UInt8]] = [
    "bed": PackageResources.bed_mustache,
    "bed-act": PackageResources.bed_act_mustache,
    "bed-board": PackageResources.bed_board_mustache,
    "bed-new": PackageResources.bed_new_mustache,
    "by-hand": PackageResources.by_hand_mustache,
    "labels": PackageResources.labels_mustache,
    "problem": PackageResources.problem_mustache,
    "sign-in": PackageResources.sign_in_mustache,
    "unit-list": PackageResources.unit_list_mustache,
    "unit-print": PackageResources.unit_print_mustache,
    "wristband": PackageResources.wristband_mustache,
  ]
}
