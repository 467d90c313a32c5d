import Hospital
import Testing

struct FrenchPhoneticsTests {
  @Test(arguments: [
    "DUPONT DUPOND DUPON", "MARTEAU MARTO MARTAUD MARTAULT MARTOT", "PHILIPPE FILIPE PHILIPE", "LEFEBVRE LEFEVRE",
    "GAUTHIER GAUTIER GOTIER GAUTHIEZ", "RENAUD RENAULT RENO RENAUX", "HENRI HENRY", "CATHERINE KATERINE CATERINE",
    "MEYER MAYER MEIER MAIER", "DURAND DURANT DURAN", "VINCENT VINSAN", "THOMAS TOMA", "JEAN GEAN", "CAMILLE KAMILLE",
    "MICHEL MICHELE MICHELLE", "SCHMITT SCHMIDT", "ROUSSEAU ROUSSO ROUSSOT", "LEROY LEROI", "LAURENT LORENT LAURAN",
    "DOMINIQUE DOMINIK", "JACQUES JAQUES JACK", "AURELIE ORELIE", "GUILLAUME GUIYAUME", "SOPHIE SOFIE",
    "YANNICK YANNIC YANIK", "ISABELLE IZABEL", "STEPHANE STEFANE", "CHRISTOPHE KRISTOF CRISTOPHE", "PETIT PETI",
    "MOREAU MOROT MORAUD", "LECLERC LECLERCQ", "VILLENEUVE VILENEUVE", "QUENTIN KENTIN", "GERARD JERARD",
    "HELENE ELENE", "GARCIA GARSIA", "NGUYEN NGUIEN", "WALTER VALTER", "GONTRAND GONTRAN",
  ])
  func soundAlike(group: String) {
    let codes = group.split(separator: " ").map { FrenchPhonetics.code(String($0)) }
    #expect(Set(codes).count == 1, "\(group): \(codes)")
  }

  @Test(arguments: [
    "MARTIN MARTEAU", "DUPONT DUPUY", "SIMON SIMONE", "LOUIS LOUISE", "JEAN JEANNE", "PAUL PAULINE", "ROUX ROY",
    "FAURE FABRE", "BLANC BLOND",
  ])
  func soundDifferent(pair: String) {
    let codes = pair.split(separator: " ").map { FrenchPhonetics.code(String($0)) }
    #expect(Set(codes).count == 2, "\(pair): \(codes)")
  }

  @Test(arguments: ["", "X", "E", "H", "ИВАНОВ", "QU", "LL", "ES", "A1"])
  func neverFails(word: String) {
    #expect(FrenchPhonetics.code(word).isEmpty == word.isEmpty)
  }
}
