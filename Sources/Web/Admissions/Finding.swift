import Hospital
import Ledger
import Register

/// What a search or a scan leads to.
struct Finding {
  let reading: Reading
  let wording: Wording
  private let session: Session
  /// For the maternity: women who gave birth under secrecy are found too.
  let includesSecret: Bool
  /// For the administrator on duty: a number read from her own label finds her, no list does.
  private let scansSecret: Bool

  init(_ reading: Reading, _ wording: Wording, _ session: Session) throws {
    self.reading = reading
    self.wording = wording
    self.session = session
    let structure = try reading.structure
    includesSecret = session.units.contains { structure?.unit($0)?.specialty == "obstetrics" }
    scansSecret = includesSecret || Permissions.allows(session.who, .readSecret, unit: nil, at: wording.now)
  }

  private func names() throws -> Names {
    Names(structure: try reading.structure, system: wording("word.system"))
  }

  func lines(_ query: String) throws -> [ResultLine] {
    guard !query.isEmpty else { return [] }
    let names = try names()
    let hits = try reading.search(
      query, limit: AdmissionsPage.resultsMax, now: wording.now, includingSecret: includesSecret)
    return try hits.map { hit in
      ResultLine(
        hit.patient, stays: try stays(of: hit.patient), for: session, isNamesake: hit.isHomonym, names, wording)
    }
  }

  private func stays(of patient: Patient) throws -> [Stay] {
    try reading.stays(ofPatient: patient.id).prefix(5).compactMap { try reading.stay($0) }
  }

  /// The address of what bears this very number; nil where nothing does.
  func scanned(_ number: String) throws -> String? {
    let hits = try reading.scan(number, includingSecret: scansSecret)
    // A number given twice is for a person to look at.
    guard hits.count == 1, let patient = hits.first?.patient else {
      guard hits.isEmpty else { return "/admissions?q=\(pathSafe(number))" }
      // On a wristband or a tube it may be a number of a sheet that nobody has typed in.
      if number.count > 3, case .sheet(let sheet) = try reading.paper(number) {
        return PaperRoutes.address(sheet.number)
      }
      return nil
    }
    let stays = try reading.stays(withNumber: number)
    if stays.count == 1, let stay = stays.first { return "/stays/\(stay.afterSlash)" }
    return "/patients/\(patient.id.afterSlash)"
  }

  /// One page of those awaited, and how many there are on all pages.
  func expected(page: Int) throws -> ExpectedList {
    let all = try reading.expectedStays(around: wording.now)
    var list = ExpectedList(page: min(page, ExpectedList.pages(of: all.count)), total: all.count)
    let names = try names()
    list.lines = try all.dropFirst(list.first).prefix(ExpectedList.pageSize).compactMap { id in
      guard let stay = try reading.stay(id), let patient = try stay.patient.flatMap({ try reading.patient($0) }),
        session.mayName(patient, in: stay.place.unit) || patient.secret && includesSecret
      else { return nil }
      return ResultLine(patient, stays: [stay], for: session, isNamesake: false, names, wording)
    }
    return list
  }
}

/// Pre-admitted and awaited about now, a page at a time.
struct ExpectedList {
  static let pageSize = 20

  var lines: [ResultLine] = []
  /// From 1.
  var page = 1
  var total = 0

  /// How many come before this page.
  var first: Int { (page - 1) * ExpectedList.pageSize }
  /// How many come after it.
  var after: Int { max(0, total - first - ExpectedList.pageSize) }

  static func pages(of total: Int) -> Int { max(1, (total + pageSize - 1) / pageSize) }

  /// - Parameter carried: what the form of an admission is to propose.
  func model(_ wording: Wording, carrying carried: Fields) -> [String: any Sendable] {
    func address(_ page: Int) -> String {
      "/admissions".asking(Fields([(name: "page", value: String(page))] + carried.pairs))
    }
    let model: [String: any Sendable] = [
      "lines": lines.enumerated().map { $1.model($0 + 1, wording, carrying: carried) },
      "count": wording("admissions.expected.count", ["total": grouped(total)]),
    ]
    return model.adding("before", first > 0 ? address(page - 1) : nil)
      .adding("after", after > 0 ? address(page + 1) : nil)
      .adding("afterText", wording("admissions.expected.after", ["count": grouped(min(after, ExpectedList.pageSize))]))
  }
}

extension Reading {
  /// Awaited from half a day ago to a day ahead: late by a few hours is still awaited, and the evening prepares the
  /// morning. The figure on Accueil and the list behind it are both this.
  func expectedStays(around now: Instant) throws -> [String] {
    try expectedStays(from: now.adding(seconds: -43_200), to: now.adding(seconds: 86_400))
  }
}
