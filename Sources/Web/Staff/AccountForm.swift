import Hospital
import Ledger

/// The fields by which an account is opened or changed.
struct AccountForm {
  let texts: Texts
  let language: Language
  /// Units to choose from: code and name.
  let units: [PageField.Choice]

  func name(_ value: String = "") -> PageField {
    PageField(
      name: "name", label: texts("staff.name", language), values: [value], help: texts("staff.name.help", language),
      hasFocus: true)
  }

  func login(_ value: String = "") -> PageField {
    PageField(
      name: "login", label: texts("staff.login", language), values: [value], help: texts("staff.login.help", language))
  }

  func function(_ value: String = "") -> PageField {
    PageField(
      name: "function", label: texts("staff.function", language), values: [value],
      help: texts("staff.function.help", language))
  }

  func roles(_ chosen: [Role], among roles: [Role] = Role.ofPeople) -> PageField {
    PageField(
      name: "roles", label: texts("staff.roles", language), input: .checks(roles.map(choice)),
      values: chosen.map(\.rawValue))
  }

  /// One alone, for a temp.
  func role(_ chosen: Role) -> PageField {
    PageField(
      name: "roles", label: texts("staff.role", language), input: .radios(Role.temporary.map(choice)),
      values: [chosen.rawValue])
  }

  func unit(_ chosen: String?) -> PageField {
    PageField(
      name: "units", label: texts("staff.unit", language),
      input: .select([PageField.Choice("", texts("staff.unit.all", language))] + units), values: [chosen ?? ""])
  }

  func units(_ chosen: [String]) -> PageField {
    PageField(
      name: "units", label: texts("staff.units", language), input: .checks(units), values: chosen,
      help: texts("staff.units.help", language))
  }

  private func choice(_ role: Role) -> PageField.Choice {
    PageField.Choice(role.rawValue, texts("role.\(role.rawValue)", language))
  }
}

extension Role {
  /// A program's account is made with its secret, on the command line.
  static let ofPeople = allCases.filter { $0 != .client }

  /// What a cadre may let somebody be for a shift.
  static let temporary: [Role] = [.nurse, .admission, .triage, .physician, .bedManager, .switchboard]
}

extension Form {
  /// The roles chosen; what is no role is left out.
  var roles: [Role] { all("roles").compactMap(Role.init) }
}

extension WebApp {
  func accountForm(_ context: PageContext) throws -> AccountForm {
    let units = try register.read { try $0.structure }?.sites.flatMap(\.units) ?? []
    return AccountForm(
      texts: texts, language: context.language,
      units: units.map { PageField.Choice($0.code, "\($0.name) (\($0.code))") })
  }
}
