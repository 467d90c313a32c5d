import Hospital
import Ledger
import Testing

/// Lists as main systems and spreadsheets write them.
struct RecoveredFileTests {
  private static let today = CivilDate(year: 2022, month: 8, day: 21)

  private func read(_ text: String) throws -> RecoveredFile {
    try RecoveredFile(DelimitedText(Array(text.utf8)), today: #require(Self.today))
  }

  @Test(arguments: [
    "IPP;Nom de naissance;Prénom;Date de naissance;Sexe\n7100;LÉVÊQUE;ZOÉ;12/03/1961;F\n",
    "ipp,NOM_NAISSANCE,prenom,date_naissance,sexe\r\n7100,LÉVÊQUE,ZOÉ,1961-03-12,2\r\n",
    "IPP\tbirthName\tbirthGivenName\tbirthDate\tsex\n7100\t\"LÉVÊQUE\"\tZOÉ\t12031961\tfemme",
  ])
  func oneIdentity(_ text: String) throws {
    let file = try read(text)
    #expect(file.kind == .identities && file.aside.isEmpty)
    let row = try #require(file.rows.first)
    #expect(row.line == 2 && row.number == "7100")
    #expect(
      row.values.map { "\($0.key)=\($0.value)" }
        == ["birthName=LÉVÊQUE", "birthGivenName=ZOÉ", "birthDate=1961-03-12", "sex=F"])
  }

  @Test func latinOne() throws {
    let bytes = Array("IPP;Pr".utf8) + [0xE9] + Array("nom\n1;ZO".utf8) + [0xC9] + Array("\n".utf8)
    let file = try RecoveredFile(DelimitedText(bytes), today: #require(Self.today))
    #expect(file.rows.first?.values.first?.value == "ZOÉ")
  }

  @Test func stays() throws {
    let file = try read("NDA;IPP;Statut;UF;Lit;Sortie\n72;7100;Présent;4EST;1;\n73;7101;sorti;;;21/08/2022\n")
    #expect(file.kind == .stays)
    #expect(file.rows.map(\.number) == ["72", "73"])
    #expect(file.rows[1].values.map(\.value) == ["7101", "discharged", "21/08/2022"])
  }

  private func compared(_ text: String) throws -> [ReturnField: String] {
    let row = try #require(try read(text).rows.first)
    var recovered = Recovered(id: "recovered/1")
    let kind: JSON = text.hasPrefix("IPP") ? "identities" : "stays"
    let values = JSON.object(JSONObject(row.values.map { ($0.key, .string($0.value)) }))
    recovered.fold(
      Heard(
        fact: Fact(
          kind: "recovered.told", subject: recovered.id, at: .night,
          data: ["kind": kind, "number": .string(row.number), "row": values]),
        time: HybridTime(instant: .night, counter: 0), station: "urg-1-3fa9c2d1", author: "system", command: "",
        source: nil))
    return recovered.values(on: LocalTime(of: .small))
  }

  /// As lists write hours, on the hospital's clock or with an offset; what cannot be read is kept and says nothing.
  @Test(arguments: [
    ("21/08/2022 10:30", "2022-08-21T08:30:00.000Z"), ("21/08/2022 à 10h30", "2022-08-21T08:30:00.000Z"),
    ("2022-08-21T10:30:12", "2022-08-21T08:30:00.000Z"), ("202208211030", "2022-08-21T08:30:00.000Z"),
    ("20220821103012+0200", "2022-08-21T08:30:00.000Z"), ("2022-08-21T08:30:12.123Z", "2022-08-21T08:30:00.000Z"),
    ("2022-08-21T08:30:00-01:00", "2022-08-21T09:30:00.000Z"), ("21-01-2022 10:30", "2022-01-21T09:30:00.000Z"),
    ("21/08/2022", "2022-08-20T22:00:00.000Z/2022-08-21T22:00:00.000Z"),
    ("20220821", "2022-08-20T22:00:00.000Z/2022-08-21T22:00:00.000Z"),
    ("30/10/2022", "2022-10-29T22:00:00.000Z/2022-10-30T23:00:00.000Z"), ("31/02/2022 10:30", nil),
    ("30/10/2022 02:30", "2022-10-30T00:30:00.000Z"), ("27/03/2022 02:30", "2022-03-27T01:30:00.000Z"),
    ("21/08/2022 25:00", nil), ("hier", nil), ("2022-08-21T10:30:00+99:99", nil), ("١٢/٠٨/٢٠٢٢", nil),
  ])
  func hours(_ cell: String, _ text: String?) throws {
    #expect(try compared("NDA;IPP;Entrée\n72;7100;\(cell)\n")[.admittedAt] == text)
  }

  /// Columns beyond traits and beds.
  @Test func moreColumns() throws {
    let identity = try compared(
      "IPP;INS;Adresse;Code postal;Ville;Téléphone;Non-divulgation;Décès;Statut identité\n"
        + "7100;261037511600186;2 rue B;75012;Paris;06 12 34 56 78 / 01 45 00 11 22;Oui;21/08/2022 03:00;QUAL\n")
    #expect(
      identity == [
        .ins: "261037511600186", .addresses: "2 rue B|75012|Paris", .phones: "06 12 34 56 78|01 45 00 11 22",
        .protected: "yes", .death: "2022-08-21T01:00:00.000Z", .identityStatus: "QUAL",
      ])
    #expect(
      try compared("IPP;INS;Ville;Décédé(e);Ne pas divulguer;Statut identité\n1;2;;non;;PROV\n")
        == [.death: "no", .identityStatus: "PROV"])
    let stay = try compared("NDA;Type;UF;Entrée;Sortie;Médecin\n72;Hôpital de jour;4EST;;21/08/2022 10:30;Dr B\n")
    #expect(
      stay == [
        .stayStatus: "discharged", .stayClass: "daycase", .dischargedAt: "2022-08-21T08:30:00.000Z", .attending: "Dr B",
      ])
    // Its own word for a kind of stay says nothing, and puts no row aside.
    #expect(try compared("NDA;Type\n72;XYZ\n") == [.stayStatus: "admitted"])
    let file = try read("IPP;Non-divulgation;Décès\n1;peut-être;\n2;;jamais\n3;non;oui\n")
    #expect(file.aside.map { "\($0.line) \($0.reason)" } == ["2 flag", "3 date"] && file.rows.map(\.number) == ["3"])
  }

  /// Whether somebody died, and when, are two columns of many a list, in any order.
  @Test(arguments: [
    ("Décédé;Date de décès", "oui;21/08/2022 03:00", "2022-08-21T01:00:00.000Z"),
    ("Date de décès;Décédé", "21/08/2022 03:00;oui", "2022-08-21T01:00:00.000Z"),
    ("Date de décès;Décédé", ";oui", "yes"), ("Décédé;Date de décès", "oui;", "yes"),
    ("Date de décès;Décédé", ";non", "no"), ("Décédé;Date de décès", ";", nil),
  ])
  func aDeathInTwoColumns(_ headings: String, _ cells: String, _ text: String?) throws {
    #expect(try compared("IPP;\(headings)\n7100;\(cells)\n")[.death] == text)
  }

  /// A bad row stops no other, and says where it is.
  @Test func badRowsAreAside() throws {
    let file = try read(
      "IPP;Nom;Date de naissance;Sexe\n\n1;A;31/02/1961;F\n;B;1961;F\n\"2\";\"C\nD\";1961;F\n3;E;1961;X\n"
        + "2;F;1961;F\n4;G;1961;F;;trop\n5;H;1961;M\n"
    )
    #expect(file.rows.map(\.number) == ["2", "5"])
    #expect(
      file.aside.map { "\($0.line) \($0.reason)" }
        == ["3 date", "4 number-missing", "7 sex", "8 number-twice", "9 columns"])
    #expect(file.rows.map(\.line) == [5, 10])
  }

  @Test func aListWithoutNumbersIsRefused() throws {
    #expect(throws: Refusal("return-columns", field: "file")) { try read("Nom;Sexe\nA;F\n") }
  }

  /// No part exceeds what one line of the ledger holds, and the last one ends it.
  @Test func partsOfALongList() throws {
    let rows = (1...1203).map { "\($0);NOM\($0 % 7)" }.joined(separator: "\n")
    let parts = TakeRecovered.parts(of: try read("IPP;Nom\n\(rows)"), name: "l.csv", reading: "recovery/1")
    let facts = try parts.map { try $0.decide(MemoryWorld(), MemoryWorld().moment(.night, "system")).facts }
    #expect(facts.map(\.count) == [500, 500, 204, 1])
    #expect(facts[0][0].kind == "recovery.begun" && facts[3][0].kind == "recovery.ended")
    #expect(facts[3][0].data["rows"]?.integer == 1203)
  }
}
