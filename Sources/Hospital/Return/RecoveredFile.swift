import Ledger

/// A list that the recovered main system gave: identities by IPP, or stays by NDA, one a row. A row that cannot be read
/// is kept aside with its line and its reason, and stops no other.
public struct RecoveredFile: Sendable {
  public enum Kind: String, Sendable { case identities, stays }

  public struct Row: Sendable, Equatable {
    /// Of the file, from 1.
    public var line: Int
    public var number: String
    /// Under the names of `Column`, as facts have them.
    public var values: [(key: String, value: String)]

    public static func == (one: Row, other: Row) -> Bool {
      one.line == other.line && one.number == other.number && one.values.map { "\($0)" } == other.values.map { "\($0)" }
    }
  }

  /// Why a row cannot be read.
  enum Reason: String, Error {
    case numberMissing = "number-missing"
    case numberTwice = "number-twice"
    case quoteOpen = "quote-open"
    case tooLong = "too-long"
    case date, sex, status, columns
    /// Neither yes nor no.
    case flag
  }

  public struct Aside: Sendable, Equatable {
    public var line: Int
    /// Of `Reason`.
    public var reason: String
    public var text: String
  }

  public var kind: Kind
  public private(set) var rows: [Row] = []
  public private(set) var aside: [Aside] = []

  /// More than this is not one hospital's list of a night.
  public static let bytesMax = 64 << 20
  static let textMax = 200

  /// - Throws: `return-columns` where no column is a number's.
  public init(_ text: DelimitedText, today: CivilDate) throws(Refusal) {
    var places: [(column: Column, place: Int)] = []
    for (place, name) in text.header.enumerated() {
      guard let column = Column(heading: name) else { continue }
      // « Décédé » and the day of it are two columns of many a list.
      if column != .death, places.contains(where: { $0.column == column }) { continue }
      places.append((column, place))
    }
    guard places.contains(where: { $0.column == .ipp || $0.column == .nda }) else {
      throw Refusal("return-columns", field: "file")
    }
    kind = places.contains { $0.column == .nda } ? .stays : .identities
    let key: Column = kind == .stays ? .nda : .ipp
    var known: Set<String> = []
    for (row, line) in zip(text.rows, text.lines) {
      do throws(Reason) {
        guard !text.unclosed.contains(line) else { throw Reason.quoteOpen }
        let read = try Self.row(row, places, key, line: line, columns: text.header.count, today)
        guard known.insert(read.number).inserted else { throw Reason.numberTwice }
        rows.append(read)
      } catch {
        let whole = String(row.joined(separator: ";").prefix(Self.textMax))
        aside.append(Aside(line: line, reason: error.rawValue, text: whole))
      }
    }
  }

  private static func row(
    _ cells: [String], _ places: [(column: Column, place: Int)], _ key: Column, line: Int, columns: Int,
    _ today: CivilDate
  ) throws(Reason) -> Row {
    guard cells.count <= columns || cells.dropFirst(columns).allSatisfy(\.isEmpty) else { throw Reason.columns }
    var number = ""
    var values: [(key: String, value: String)] = []
    for (column, place) in places where place < cells.count {
      let cell: String?
      do throws(Refusal) { cell = try FreeText.tidied(cells[place], field: column.rawValue) } catch {
        throw Reason.tooLong
      }
      guard let cell else { continue }
      guard cell.utf8.count <= textMax else { throw Reason.tooLong }
      if column == key {
        number = cell
        continue
      }
      let value = try column.value(cell, today)
      if let known = values.firstIndex(where: { $0.key == column.rawValue }) {
        // The day says more than that there is one.
        if values[known].value == ReturnField.yes, value != ReturnField.no { values[known].value = value }
      } else {
        values.append((column.rawValue, value))
      }
    }
    guard !number.isEmpty else { throw Reason.numberMissing }
    return Row(line: line, number: number, values: values)
  }

  /// What a column holds, and the headings by which it is known: without accents, case or signs.
  enum Column: String, CaseIterable {
    case ipp, nda, birthName, birthGivenName, birthDate, sex, birthPlace, usedName, identityStatus
    case ins, line, postcode, city, phones, protected, death
    case stayStatus, unit, bed, stayClass, admittedAt, dischargedAt, attending

    init?(heading: String) {
      let words = LatinLetters.fold(heading).filter { $0 != LatinLetters.gap }
      let name = String(decoding: words, as: UTF8.self)
      guard let column = Self.allCases.first(where: { $0.headings.contains(name) }) else { return nil }
      self = column
    }

    private var headings: [String] {
      switch self {
      case .ipp: ["IPP"]
      case .nda: ["NDA", "IEP", "NUMEROSEJOUR", "NUMERODOSSIER", "STAY", "STAYNUMBER"]
      case .birthName: ["NOMNAISSANCE", "NOMDENAISSANCE", "BIRTHNAME", "NOM"]
      case .birthGivenName:
        ["PRENOMNAISSANCE", "PREMIERPRENOM", "PREMIERPRENOMDENAISSANCE", "PRENOM", "BIRTHGIVENNAME"]
      case .birthDate: ["DATENAISSANCE", "DATEDENAISSANCE", "NELE", "NEELE", "DDN", "BIRTHDATE"]
      case .sex: ["SEXE", "SEX"]
      case .birthPlace: ["LIEUNAISSANCE", "LIEUDENAISSANCE", "CODEINSEE", "BIRTHPLACE"]
      case .usedName: ["NOMUTILISE", "NOMUSAGE", "NOMDUSAGE", "USEDNAME"]
      case .identityStatus: ["STATUTIDENTITE", "IDENTITYSTATUS"]
      case .ins: ["INS", "MATRICULEINS", "INSNIR", "INSNIA"]
      case .line: ["ADRESSE", "RUE", "VOIE", "ADDRESS"]
      case .postcode: ["CODEPOSTAL", "CP", "POSTCODE"]
      case .city: ["VILLE", "CITY"]
      case .phones: ["TELEPHONE", "TELEPHONES", "TEL", "PHONE", "PHONES"]
      case .protected: ["NONDIVULGATION", "NONDIVULGATIONDEPRESENCE", "NEPASDIVULGUER", "PROTECTED"]
      case .death: ["DECES", "DECEDE", "DECEDEE", "DATEDECES", "DATEDEDECES", "DECEDELE", "DECEDEELE", "DEATH"]
      case .stayStatus: ["STATUT", "STATUTSEJOUR", "STATUS"]
      case .unit: ["UF", "UNITE", "UNIT"]
      case .bed: ["LIT", "BED"]
      case .admittedAt: ["ENTREE", "DATEENTREE", "DATEDENTREE", "ADMITTEDAT"]
      case .dischargedAt: ["SORTIE", "DATESORTIE", "DATEDESORTIE", "DISCHARGEDAT"]
      case .stayClass: ["TYPE", "TYPESEJOUR", "TYPEDESEJOUR", "STAYCLASS"]
      case .attending: ["MEDECIN", "MEDECINRESPONSABLE", "PRATICIEN", "ATTENDING"]
      }
    }

    /// As facts have it.
    func value(_ cell: String, _ today: CivilDate) throws(Reason) -> String {
      switch self {
      case .birthDate:
        do throws(Refusal) { return try PartialDate.typed(cell, today: today).text } catch { throw Reason.date }
      case .sex:
        switch String(decoding: LatinLetters.fold(cell), as: UTF8.self) {
        case "M", "H", "1", "HOMME", "MASCULIN": return Sex.male.rawValue
        case "F", "2", "FEMME", "FEMININ": return Sex.female.rawValue
        case "I", "3", "INDETERMINE": return Sex.indeterminate.rawValue
        default: throw Reason.sex
        }
      case .identityStatus:
        let word = String(decoding: LatinLetters.fold(cell), as: UTF8.self)
        guard let status = IdentityStatus.allCases.first(where: { word.hasPrefix($0.rawValue) }) else {
          throw Reason.status
        }
        return status.rawValue
      case .stayStatus:
        switch String(decoding: LatinLetters.fold(cell), as: UTF8.self) {
        case "PRESENT", "PRESENTE", "HOSPITALISE", "HOSPITALISEE", "OUVERT", "ADMITTED": return "admitted"
        case "SORTI", "SORTIE", "CLOS", "FERME", "DISCHARGED": return "discharged"
        case "ANNULE", "ANNULEE", "CANCELLED": return "cancelled"
        case "PREADMIS", "PREADMISE", "PREADMISSION", "PREADMITTED": return "preadmitted"
        default: throw Reason.status
        }
      case .protected:
        guard let said = Self.flag(cell) else { throw Reason.flag }
        return said ? ReturnField.yes : ReturnField.no
      case .death:
        if let said = Self.flag(cell) { return said ? ReturnField.yes : ReturnField.no }
        guard WrittenHour(cell) != nil else { throw Reason.date }
        return cell
      case .phones:
        let phones = cell.replacing(" / ", with: ",").split { $0 == "," || $0 == ";" || $0 == ReturnField.separator }
        return phones.map { $0.split(separator: " ").joined(separator: " ") }
          .joined(separator: String(ReturnField.separator))
      case .stayClass: return Self.stayClass(cell) ?? cell
      case .ipp, .nda, .birthName, .birthGivenName, .birthPlace, .usedName, .ins, .line, .postcode, .city, .unit, .bed,
        .admittedAt, .dischargedAt, .attending:
        return cell
      }
    }

    private static func flag(_ cell: String) -> Bool? {
      switch String(decoding: LatinLetters.fold(cell), as: UTF8.self) {
      case "O", "OUI", "Y", "YES", "1", "X", "VRAI", "TRUE": true
      case "N", "NON", "NO", "0", "FAUX", "FALSE": false
      default: nil
      }
    }

    /// A main system's own word for a kind of stay is kept as it is, and says nothing.
    private static func stayClass(_ cell: String) -> String? {
      switch String(decoding: LatinLetters.fold(cell), as: UTF8.self) {
      case "I", "HC", "HOSPITALISATION", "HOSPITALISATION COMPLETE", "INPATIENT": StayClass.inpatient.rawValue
      case "HDJ", "HJ", "AMBULATOIRE", "HOPITAL DE JOUR", "DAYCASE": StayClass.daycase.rawValue
      case "E", "U", "SAU", "URGENCE", "URGENCES", "EMERGENCY": StayClass.emergency.rawValue
      case "O", "EXTERNE", "CONSULTATION", "CONSULTATION EXTERNE", "OUTPATIENT": StayClass.outpatient.rawValue
      case "R", "SEANCE", "SEANCES", "RECURRING": StayClass.recurring.rawValue
      default: nil
      }
    }
  }
}
