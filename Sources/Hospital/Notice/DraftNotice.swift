import Ledger

/// The first of two people: what is to be told outside, made of what is declared now. Nothing is told yet.
public struct DraftNotice: Command {
  /// Days until the next update, at most.
  public static let updateDaysMax = 7

  public var words: NoticeWords
  /// Words of it that name somebody who is here (`NoticeNames`).
  public var named: [String]
  /// Whoever writes has looked at them.
  public var isConfirmed: Bool

  public init(_ words: NoticeWords, named: [String] = [], isConfirmed: Bool = false) {
    (self.words, self.named, self.isConfirmed) = (words, named, isConfirmed)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("notice-by-person") }
    try world.require(.tellOutside, moment)
    guard let structure = world.structure else { throw Refusal("structure-missing") }
    let last = moment.now.adding(seconds: Self.updateDaysMax * 86_400)
    guard words.nextUpdateAt > moment.now, words.nextUpdateAt <= last else {
      throw Refusal("care-review-when", field: "nextUpdateAt", ["days": String(Self.updateDaysMax)])
    }
    let care = world.declaredCare(structure)
    guard !care.contains(where: \.isContradicted) else { throw Refusal("notice-care-contradicted") }
    try named.refuse(unless: isConfirmed)
    let content = NoticeContent(structure, care, words, at: moment.now)
    let number = (world.notices.map(\.number).max() ?? 0) + 1
    return Decision(facts: [
      Fact(
        kind: "notice.drafted", subject: "notice/\(moment.newID())", at: moment.now,
        data: ["number": .integer(number), "content": content.json])
    ])
  }
}

/// The second person, who has the draft before them: told outside from now on, or withdrawn. What is out
/// is replaced by the next version alone.
public struct AnswerNotice: Command {
  public enum Way: String, Sendable, CaseIterable { case approve, withdraw }

  public var notice: String
  /// Of the version as it was shown.
  public var hash: String
  public var way: Way
  public var reason: String?
  /// Of an approval: words of it that name somebody who is here, and whether whoever approves has looked at them.
  public var named: [String]
  public var isConfirmed: Bool

  public init(
    _ notice: String, hash: String, _ way: Way, reason: String? = nil, named: [String] = [], isConfirmed: Bool = false
  ) {
    (self.notice, self.hash, self.way, self.reason) = (notice, hash, way, reason)
    (self.named, self.isConfirmed) = (named, isConfirmed)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("notice-by-person") }
    try world.require(.tellOutside, moment)
    guard let known = world.notices.first(where: { $0.id.sameBytes(as: notice) }), let content = known.content,
      known.hash?.sameBytes(as: hash) ?? false
    else { throw Refusal("notice-unknown") }
    guard known.status == .draft else { throw Refusal("notice-not-open") }
    var data = StateWriter()
    data.put("hash", hash)
    switch way {
    case .withdraw:
      data.put("reason", try FreeText.tidied(reason, field: "reason"))
    case .approve:
      guard known.drafted?.account.sameBytes(as: moment.author) == false else { throw Refusal("notice-same-person") }
      guard let structure = world.structure else { throw Refusal("structure-missing") }
      let care = world.declaredCare(structure)
      // Two truths at once, ours and the public's, is what this is there to prevent.
      guard NoticeContent.lines(care) == content.lines, !care.contains(where: \.isContradicted) else {
        throw Refusal("notice-care-changed")
      }
      guard content.nextUpdateAt > moment.now else { throw Refusal("notice-update-past") }
      // Numbers go up as people read them outside.
      guard world.notices.current.map({ $0.number < known.number }) ?? true else { throw Refusal("notice-older") }
      try named.refuse(unless: isConfirmed)
      data.put("after", JSON.array(world.notices.standing.compactMap { $0.hash.map { .string($0) } }))
    }
    let kind = way == .approve ? "notice.approved" : "notice.withdrawn"
    return Decision(facts: [Fact(kind: kind, subject: known.id, at: moment.now, data: .object(data.object))])
  }
}

extension [String] {
  /// Names found in a notice: whoever typed or reads them says that they may go out.
  fileprivate func refuse(unless isConfirmed: Bool) throws(Refusal) {
    guard isEmpty || isConfirmed else {
      throw Refusal("notice-names-patient", field: "named", ["words": joined(separator: " ")])
    }
  }
}

extension World {
  /// Lines of care that somebody declared, in the order of `CareKey`.
  fileprivate func declaredCare(_ structure: Structure) -> [CareLine] {
    CareKey.allCases.compactMap { careLine($0.subject(finess: structure.finess)) }.filter { $0.holding != nil }
  }
}
