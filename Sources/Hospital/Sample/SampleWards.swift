import Ledger

/// The beds of a sample hospital as they fill up: women in labour in maternity, children among children.
struct SampleWards {
  struct Bed: Sendable {
    var unit: String
    var room: String
    var code: String
    /// How long ago the longest present stay may have begun.
    var hoursMax: Int
  }

  private enum Kind: Hashable { case adult, old, child, newborn, maternity }

  private struct Past {
    var bed: Bed
    var freeBefore: Int
    var stays = 0
  }

  private var free: [Kind: [Bed]] = [:]
  private var left: [Bed] = []
  private var past: [Kind: [Past]] = [:]
  private var pastIndex: [String: (Kind, Int)] = [:]
  let emergency: String?
  /// Where somebody may stay the night.
  let beds: [Bed]

  init(units: [CareUnit], patients: Int, using random: inout SplitMix64) {
    emergency = units.first { $0.specialty == "emergency" }?.code
    var all: [(Kind, Bed)] = []
    for unit in units {
      guard let (kind, days) = Self.stays(in: unit) else { continue }
      for room in unit.rooms {
        for place in room.beds where place.kind == .bed || place.kind == .cot && kind == .newborn {
          all.append((kind, Bed(unit: unit.code, room: room.code, code: place.code, hoursMax: days * 24)))
        }
      }
    }
    beds = all.map(\.1)
    all.shuffle(using: &random)
    let taken = min(all.count * SampleHospital.occupiedPercent / 100, patients * 3 / 5)
    for (kind, bed) in all.prefix(taken) { free[kind, default: []].append(bed) }
    left = all.dropFirst(taken).map(\.1)
    for (kind, bed) in all {
      pastIndex["\(bed.unit)|\(bed.room)|\(bed.code)"] = (kind, past[kind, default: []].count)
      past[kind, default: []].append(Past(bed: bed, freeBefore: 1))
    }
  }

  /// Whom a unit takes, and for how many days at most; nil where nobody stays the night.
  private static func stays(in unit: CareUnit) -> (Kind, Int)? {
    switch unit.specialty {
    case "medicine", "surgery": (.adult, 9)
    case "intensive": (.adult, 6)
    case "short-stay": (.adult, 1)
    case "psychiatry": (.adult, 25)
    case "rehabilitation": (.old, 30)
    case "long-term", "geriatrics": (.old, 60)
    case "obstetrics": (.maternity, 4)
    case "neonatology": (.newborn, 12)
    case "paediatrics": (.child, 5)
    default: nil
    }
  }

  private func kinds(_ sex: Sex?, _ age: Int?) -> [Kind] {
    guard let age else { return [] }
    if age < 1 { return [.newborn] }
    if age < 16 { return [.child] }
    if sex == .female, (18..<43).contains(age) { return [.maternity, .adult] }
    return age >= 70 ? [.old, .adult] : [.adult]
  }

  mutating func takeBed(for sex: Sex?, age: Int?) -> Bed? {
    for kind in kinds(sex, age) {
      if let bed = free[kind]?.popLast() { return bed }
    }
    return nil
  }

  /// The bed was somebody's from that many hours ago until now.
  mutating func note(_ bed: Bed, freeBefore hours: Int) {
    guard let (kind, index) = pastIndex["\(bed.unit)|\(bed.room)|\(bed.code)"] else { return }
    past[kind]?[index].freeBefore = hours + 3
  }

  /// A stay that has ended, in a bed that nobody else had then: hours ago, from and until.
  mutating func takePast(
    for sex: Sex?, age: Int?, using random: inout SplitMix64
  ) -> (bed: Bed, from: Int, until: Int)? {
    for kind in kinds(sex, age) {
      guard let count = past[kind]?.count, count > 0 else { continue }
      let index = Int.random(in: 0..<count, using: &random)
      guard var chosen = past[kind]?[index], chosen.stays < SampleHospital.pastStaysPerBedMax else { continue }
      let until = chosen.freeBefore + Int.random(in: 0..<20, using: &random)
      let from = until + 20 + Int.random(in: 0..<max(24, chosen.bed.hoursMax), using: &random)
      chosen.freeBefore = from + 2
      chosen.stays += 1
      past[kind]?[index] = chosen
      return (chosen.bed, from, until)
    }
    return nil
  }

  /// What the beds that nobody lies in are like tonight.
  func conditions(of structure: Structure, at now: Instant) -> [Fact] {
    left.prefix(left.count * 2 / 3).enumerated().compactMap { index, bed in
      let subject = structure.bedID(unit: bed.unit, room: bed.room, code: bed.code)
      switch index % 6 {
      case 0: return Fact(kind: "bed.closed", subject: subject, at: now, data: ["reason": "personnel absent"])
      case 1, 2: return Fact(kind: "bed.to-clean", subject: subject, at: now, data: [:])
      case 3 where index % 12 == 3:
        return Fact(kind: "bed.reserved", subject: subject, at: now, data: ["reason": "bloc, ce matin"])
      default: return nil
      }
    }
  }
}
