extension Operation {
  /// What every file of routes contributes, one line each.
  static let all: [Operation] = [
    OpenAPIRoutes.operations
  ].flatMap(\.self)
}
