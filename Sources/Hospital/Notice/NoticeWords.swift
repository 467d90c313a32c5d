import Ledger

/// What the crisis room types of a notice; the rest is made of what was declared.
public struct NoticeWords: Sendable {
  public static let placesMax = 12
  /// Characters of a place's name or address: a page must load where the network is bad.
  public static let placeTextMax = 120

  public var advice: NoticeContent.Advice
  public private(set) var places: [NoticeContent.Place] = []
  public private(set) var phones: [(phone: NoticeContent.Phone, number: String)] = []
  public private(set) var message: (french: String, english: String)?
  public var nextUpdateAt: Instant

  /// - Parameters:
  ///   - places: one a line, `name; address; telephone`, the last two not needed.
  ///   - phones: the numbers as people dial them.
  ///   - message: in both languages, or in neither.
  /// - Throws: `notice-places`, `notice-phone`, `notice-message`, `text-too-long`.
  public init(
    advice: NoticeContent.Advice, places: String?, phones: [NoticeContent.Phone: String], french: String?,
    english: String?, nextUpdateAt: Instant
  ) throws(Refusal) {
    self.advice = advice
    self.nextUpdateAt = nextUpdateAt
    for line in (places ?? "").split(whereSeparator: \.isNewline) {
      var parts: [String?] = []
      for part in line.split(separator: ";", omittingEmptySubsequences: false) {
        parts.append(try FreeText.tidied(String(part), field: "places"))
      }
      guard parts.count <= 3, parts.allSatisfy({ $0?.count ?? 0 <= Self.placeTextMax }), let name = parts[0] else {
        if parts.allSatisfy({ $0 == nil }) { continue }
        throw Refusal("notice-places", field: "places")
      }
      let phone = parts.count > 2 ? parts[2] : nil
      if let phone, !Self.isDialled(phone) { throw Refusal("notice-phone", field: "places") }
      self.places.append(.init(name: name, address: parts.count > 1 ? parts[1] : nil, phone: phone))
    }
    guard self.places.count <= Self.placesMax else { throw Refusal("notice-places", field: "places") }
    for phone in NoticeContent.Phone.allCases {
      guard let number = try FreeText.tidied(phones[phone], field: phone.rawValue) else { continue }
      guard Self.isDialled(number) else { throw Refusal("notice-phone", field: phone.rawValue) }
      self.phones.append((phone, number))
    }
    let (first, second) = (
      try FreeText.tidied(french, field: "messageFr"), try FreeText.tidied(english, field: "messageEn")
    )
    switch (first, second) {
    case (nil, nil): break
    case (let french?, let english?): message = (french, english)
    case (nil, _): throw Refusal("notice-message", field: "messageFr")
    case (_, nil): throw Refusal("notice-message", field: "messageEn")
    }
  }

  /// `01 99 00 10 10`, `+33 1 99 00 10 10`, `15`.
  static func isDialled(_ text: String) -> Bool {
    let digits = text.utf8.count { (48...57).contains($0) }
    return (2...15).contains(digits) && text.allSatisfy { $0.isASCII && ($0.isNumber || " +.-()".contains($0)) }
  }
}
