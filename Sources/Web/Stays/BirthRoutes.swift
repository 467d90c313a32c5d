import Hospital
import Hummingbird
import Ledger
import Register

/// A delivery, from the mother's stay: one child, or twins and more.
enum BirthRoutes: Routes {
  static let operations: [Operation] = [
    .get("/stays/{id}/birth", "The form of a birth"),
    .post(
      "/stays/{id}/birth", "Registers the children of one delivery, each with numbers of their own",
      fields: (1...childrenMax).flatMap { rank in
        [
          Field("sex\(rank)", .choice(["M", "F", "I"]), required: rank == 1), Field("at\(rank)", "Hour of birth"),
          Field("givenName\(rank)"), Field("bed\(rank)", .uuid, "Its cot; beside its mother where it is absent"),
        ]
      } + [Field("firstRank", .integer(min: 1, max: 9), "Above 1 when a twin is registered later")]),
  ]

  /// More than the form shows are registered in two goes.
  static let childrenMax = 3

  private static let act: StayAct = {
    var act = StayAct("birth", .createIdentity) { file, make, app in
      let unit = file.outline.place.unit
      let now = make.wording.now
      let (choices, firstRank) = try app.register.read { reading in
        (
          try BedChoices(unit: unit, own: [], reading, at: now),
          try file.patient.map { try reading.delivery(ofMother: $0.id, around: now).count + 1 } ?? 1
        )
      }
      var beds = choices.choices(unit: unit, file.names, make.wording).filter { choice in
        choice.value.isEmpty || choices.beds["bed/\(choice.value)"]?.kind == .cot
      }
      beds[0].text = make.wording("birth.beside")
      return (1...childrenMax).map { child in
        var fields = [
          make.choice("sex", "sex", ["F", "M", "I"], required: child == 1, radios: true).numbered(child, make),
          make.field("at", focus: child == 1).numbered(child, make),
          make.field("givenName").numbered(child, make),
          make.field("bed", .select(beds), proposed: "").numbered(child, make),
        ]
        if child == 1, firstRank > 1 || make.filling.typed?["firstRank"] != nil {
          fields.append(make.field("firstRank", .number, proposed: String(firstRank)))
        }
        return FormSection(make.wording("birth.child", ["rank": String(child)]), fields, folded: child > 1)
      }
    } command: { stay, form, wording throws(Refusal) in
      TypedBirth(
        stay: stay, children: try children(form, wording), firstRank: form["firstRank"].flatMap { Int($0) } ?? 1)
    }
    act.next = { stay, receipt in
      // The set of wristbands: mother and children are banded together.
      receipt.facts.lazy.compactMap { $0.data["mother"]?.string }.first
        .map { "/patients/\($0.afterSlash)/wristband?set=yes" }
    }
    return act
  }()

  static func add(to router: Router<PageContext>, _ app: WebApp) { act.add(to: router, app) }

  /// Those of whom a sex was said.
  private static func children(_ form: Form, _ wording: Wording) throws(Refusal) -> [RegisterBirth.Newborn] {
    var children: [RegisterBirth.Newborn] = []
    for rank in 1...childrenMax {
      guard let said = form["sex\(rank)"] else { continue }
      guard let sex = Sex(rawValue: said), sex != .unknown else { throw Refusal("sex-missing", field: "sex\(rank)") }
      children.append(
        RegisterBirth.Newborn(
          sex: sex, at: try wording.hour(form, "at\(rank)"), bed: form.subject("bed", "bed\(rank)"),
          givenName: form["givenName\(rank)"]))
    }
    guard !children.isEmpty else { throw Refusal("sex-missing", field: "sex1") }
    return children
  }
}

/// The mother is whoever's stay it is when it is decided.
private struct TypedBirth: Command {
  var stay: String
  var children: [RegisterBirth.Newborn]
  var firstRank: Int

  func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard let mother = world.stay(stay)?.patient else { throw Refusal("mother-stay-unknown", field: "motherStay") }
    return try RegisterBirth(mother: mother, motherStay: stay, children: children, firstRank: firstRank)
      .decide(world, moment)
  }
}

extension FormField {
  /// The same field of the child of that rank.
  fileprivate func numbered(_ rank: Int, _ make: FieldMaker) -> FormField {
    var field = self
    field.name = "\(name)\(rank)"
    field.value = make.filling.value(field.name, proposed: nil)
    field.error = make.filling.errors[field.name]
    return field
  }
}
