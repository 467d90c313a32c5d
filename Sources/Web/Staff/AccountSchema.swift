import Hospital

extension Schema {
  static let role: Schema = .choice(Role.allCases.map(\.rawValue))

  static let account: Schema = .object([
    Field("id"), Field("login", .maybe(.text())), Field("name", .maybe(.text())), Field("function", .maybe(.text())),
    Field("roles", .list(.role)), Field("units", .list(.text())), Field("emergency", .flag),
    Field("validUntil", .maybe(.instant)), Field("closed", .flag),
  ])

  /// With their secrets, which are shown once.
  static let newAccounts: Schema = .object([
    Field(
      "accounts", .list(.object([Field("account", .account), Field("login"), Field("secret")])))
  ])
}
