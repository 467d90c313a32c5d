/// Every template by the name under which pages ask for it. One line each, in the order of the alphabet; its file is
/// named in `Package.swift` too.
enum AllTemplates {
  static let sources: [String: [UInt8]] = [
    "account": PackageResources.account_mustache,
    "account-cards": PackageResources.account_cards_mustache,
    "admissions": PackageResources.admissions_mustache,
    "audit": PackageResources.audit_mustache,
    "bed": PackageResources.bed_mustache,
    "bed-act": PackageResources.bed_act_mustache,
    "bed-board": PackageResources.bed_board_mustache,
    "bed-new": PackageResources.bed_new_mustache,
    "by-hand": PackageResources.by_hand_mustache,
    "conflicts": PackageResources.conflicts_mustache,
    "field": PackageResources.field_mustache,
    "form": PackageResources.form_mustache,
    "home": PackageResources.home_mustache,
    "labels": PackageResources.labels_mustache,
    "merge": PackageResources.merge_mustache,
    "mode": PackageResources.mode_mustache,
    "patient": PackageResources.patient_mustache,
    "problem": PackageResources.problem_mustache,
    "sectioned-form": PackageResources.sectioned_form_mustache,
    "sign-in": PackageResources.sign_in_mustache,
    "sign-in-resume": PackageResources.sign_in_resume_mustache,
    "staff": PackageResources.staff_mustache,
    "stay": PackageResources.stay_mustache,
    "unit-list": PackageResources.unit_list_mustache,
    "unit-print": PackageResources.unit_print_mustache,
    "units": PackageResources.units_mustache,
    "welcome": PackageResources.welcome_mustache,
    "wristband": PackageResources.wristband_mustache,
  ]
}
