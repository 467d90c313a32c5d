import Hummingbird

/// Names of header fields; Hummingbird passes their collection on, not their own type.
typealias HeaderName = HTTPFields.Element.Name

extension HeaderName {
  static let csrfToken = HeaderName("X-CSRF-Token")!
  static let fragment = HeaderName("X-Fragment")!
  static let ifNoneExist = HeaderName("If-None-Exist")!
  static let prefer = HeaderName("Prefer")!
  static let readReason = HeaderName("X-Read-Reason")!
  static let secFetchSite = HeaderName("Sec-Fetch-Site")!
}
