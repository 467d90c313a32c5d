import Feeds
import Hospital
import Ledger
import Register

/// One stay on one screen, in the main system's own field order: each value to copy by a key or to scan.
struct ReentryScreen {
  struct Line {
    var name: String
    var value: String
  }

  let person: Patient?
  var mother: Patient?
  let stay: Stay?
  var isolation: String?
  /// Of the facts that are left to type.
  var kinds: Set<String> = []
  /// What is to be undone, put right, moved, joined or parted there.
  var changes: [ReentryChange] = []
  let form: ReentryForm
  let names: Names
  let wording: Wording

  private var writing: ReentryValue.Writing {
    let hours = wording.hours
    return ReentryValue.Writing(
      ippAuthority: names.structure?.ippAuthority, clock: hours.clock, hour: { "\(hours.date($0)) \(hours.time($0))" },
      date: { $0.shown }, word: { [wording] in wording.word($0, $1) })
  }

  /// What nothing is known of is left out: there is nothing to type.
  var fields: [Line] {
    form.entries.compactMap { entry in
      guard stay != nil || entry.value.isIdentity, !isUnsaid(entry.value),
        let value = entry.value.text(person, mother: mother, stay, isolation: isolation, writing)
      else { return nil }
      return Line(name: entry.name ?? name(entry.value), value: value)
    }
  }

  private func name(_ value: ReentryValue) -> String { wording("reentry.field.\(value.rawValue)") }

  /// It does not hold, and nothing that is left to type can have lifted it.
  private func isUnsaid(_ value: ReentryValue) -> Bool {
    person.flatMap(value.holds) == false && value.liftedBy.isDisjoint(with: kinds)
  }

  /// What is to be done there: what the main system has and is otherwise by now, then what happened here, movement by
  /// movement.
  var movements: [(what: String, lines: [Line])] {
    let changed = Set(changes.compactMap(\.movement?.key))
    let made = (stay?.movementsMadeHere ?? []).filter { !changed.contains($0.key) }
    return changes.map { (heading($0), lines($0)) } + made.map { (name($0), lines($0)) }
  }

  private func name(_ movement: Movement) -> String {
    movement.isOfUnknownTrigger ? wording("reentry.movement") : wording.word("handback.trigger", movement.trigger)
  }

  private func heading(_ change: ReentryChange) -> String {
    wording("reentry.action.\(change.action)", ["what": change.movement.map(name) ?? ""])
  }

  /// What a movement says, by what it is called.
  private func values(_ movement: Movement) -> [(name: String, value: String?)] {
    let place = movement.place
    return [(wording("field.at"), writing.hour(movement.at))]
      + [
        (ReentryValue.unit, place.unit), (.room, place.room), (.bed, place.bed), (.attending, movement.attending),
      ].map { (name($0), $1) }
  }

  private func lines(_ movement: Movement) -> [Line] {
    values(movement).compactMap { name, value in value.map { Line(name: name, value: $0) } }
  }

  private func lines(_ change: ReentryChange) -> [Line] {
    if change.action == .erase {
      return change.erased.compactMap { value in
        value.text(change.former, mother: nil, change.formerStay, writing).map { Line(name: name(value), value: $0) }
      }
    }
    guard let movement = change.movement else {
      return [("former", change.former), ("present", change.present)].compactMap { side, person in
        ReentryValue.ipp.text(person, mother: nil, nil, writing).map {
          Line(name: wording("reentry.\(change.action).\(side)"), value: $0)
        }
      }
    }
    guard change.action == .update, let was = change.was else { return lines(movement) }
    // What did not change names the movement; of what did, first what it was.
    return zip(values(was), values(movement)).flatMap { old, new in
      guard old.value != new.value else { return new.value.map { [Line(name: new.name, value: $0)] } ?? [] }
      return [("reentry.was", old), ("reentry.is", new)].map { key, side in
        Line(name: wording(key, ["what": side.name]), value: side.value ?? "–")
      }
    }
  }

  func model(_ line: Line, _ place: Int) -> [String: any Sendable] {
    [
      "id": "v\(place)", "name": line.name, "value": line.value, "code": form.barcodes ? code(line.value) : "",
    ]
  }

  /// Code 128 for what any scanner reads; DataMatrix for accents and for what would be too wide.
  private func code(_ value: String) -> String {
    let isPlain = value.utf8.count <= 16 && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    return (try? Barcode(isPlain ? .code128 : .dataMatrix, value).svg()) ?? ""
  }

  var identity: String {
    person.map { PatientLine($0, wording, ippAuthority: names.structure?.ippAuthority).html(wording) } ?? "–"
  }

  var model: [String: any Sendable] {
    var place = 0
    func next(_ line: Line) -> [String: any Sendable] {
      place += 1
      return model(line, place)
    }
    return [
      "identity": identity, "fields": fields.map(next),
      "movements": movements.map { ["what": $0.what, "fields": $0.lines.map(next)] as [String: any Sendable] },
      "barcodes": form.barcodes, "secret": person?.secret ?? false,
    ]
  }
}
