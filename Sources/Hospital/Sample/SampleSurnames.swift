/// Surnames: the common ones of France, and a long tail put together from syllables.
enum SampleSurnames {
  static func surname(_ dice: inout SampleDice) -> String {
    let kind = dice.fraction()
    if kind < 0.02 { return dice.one(of: particles) + simple(&dice) }
    if kind < 0.05 { return "\(simple(&dice))-\(simple(&dice))" }
    return simple(&dice)
  }

  /// Shares as in France: a few hundred names for a quarter of the people, and rare ones for most.
  private static func simple(_ dice: inout SampleDice) -> String {
    let kind = dice.fraction()
    if kind < 0.26 { return one(of: common, &dice) }
    if kind < 0.36 { return one(of: fromAbroad, &dice) }
    return rare(dice.skewed(below: rareCount, power: 2))
  }

  /// The first of the list seven times as often as the last.
  private static func one(of list: [String], _ dice: inout SampleDice) -> String {
    list[dice.happens(0.3) ? dice.skewed(below: list.count, power: 2) : dice.below(list.count)]
  }

  private static let rareCount = heads.count * middles.count * tails.count

  /// The rare names in an order of their own, so that the commoner of them share no syllable.
  private static func rare(_ index: Int) -> String {
    // 7,919 is prime and divides no table: every index gives another name.
    let place = index * 7919 % rareCount
    let head = place % heads.count
    let middle = place / heads.count % middles.count
    return heads[head] + middles[middle] + tails[place / (heads.count * middles.count)]
  }

  private static func list(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  private static let particles = ["DE ", "LE ", "DU ", "D'", "DE LA ", "VAN ", "LA "]

  private static let common = list(
    """
    MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX DAVID \
    BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER LEFEVRE FAURE ANDRE MERCIER \
    BLANC GUERIN BOYER GARNIER CHEVALIER FRANCOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLEMENT MORIN NICOLAS HENRY \
    ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOEL MEYER DUFOUR MEUNIER BRUN BLANCHARD \
    GIRAUD JOLY RIVIERE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GERARD ROCHE RENARD SCHMITT ROY LEROUX COLIN \
    VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOIT REY \
    LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY GUILLOT HUBERT BERGER CARPENTIER SANCHEZ DUPUIS \
    MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT \
    CARRE CHARLES RENAULT CHARPENTIER MENARD MAILLARD BARON BERTIN BAILLY HERVE SCHNEIDER FERNANDEZ LE-GALL COLLET \
    LEGER BOUVIER JULIEN PREVOST MILLET PERROT DANIEL LE-ROUX COUSIN GERMAIN BRETON BESSON LANGLOIS REMY LE-GOFF \
    PELLETIER LEVEQUE PERRIER LEBLANC BARRE LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER JACOB MONNIER MICHAUD \
    RODRIGUEZ GUICHARD GILLET ETIENNE GRONDIN POULAIN TESSIER CHEVALLIER COLLIN CHAUVIN DA-SILVA BOUCHET GAY LEMAITRE \
    BENARD MARECHAL HUMBERT REYNAUD ANTOINE HOARAU PERRET BARTHELEMY CORDIER PICHON LEJEUNE GILBERT LAMY DELAUNAY \
    PASQUIER CARLIER LAPORTE GROS BUISSON BRIAND HOFFMANN GONZALEZ TANGUY DOUCET MAURY KELLER BAUDRY CHARRIER PREVOT \
    CAMUS COSTE GUILLOU LESAGE DEVAUX MAURICE MAHE BAZIN GUIBERT DELMAS FISCHER LEGROS VALLET HEBERT COULON OLLIVIER \
    BLANCHET BOUTIN JACQUOT VOISIN PAGES MARION DUCLOS TOUSSAINT PARENT VERDIER BONNEAU JOURDAN CHAUVEAU NAVARRO RAYNAUD \
    DIDIER LAGARDE BERTHELOT RAULT FERRAND GRANGER COMBES DELATTRE BIGOT WAGNER TEXIER PINEAU LELIEVRE MAILLOT PAUL \
    BUREAU
    """
  ).map { $0.hasPrefix("LE-") || $0.hasPrefix("DA-") ? $0.replacing("-", with: " ") : $0 }

  private static let fromAbroad = list(
    """
    NGUYEN TRAORE DIALLO BENALI PEREIRA RODRIGUES FERREIRA DIOP SAIDI BRAHIMI TRAN COULIBALY MENDES KEITA RAMOS ALVES \
    HADDAD MANSOURI CAMARA ROSSI KACI AMRANI CISSE HAMIDI SOUSA TOURE KONATE YILMAZ BOUAZIZ CHERIF PHAM SOW GOMES \
    ZIANI BELKACEM LIN DIARRA KAYA MOUSSAOUI KOWALSKI LE POPESCU ABDALLAH CHEN FOFANA OUEDRAOGO SINGH DEMIR AYDIN \
    HOSSAIN RUSSO NOWAK SILVA OLIVEIRA BA SY ZHANG MBAYE NDIAYE
    """)

  private static let heads = list(
    """
    BAL BAR BEL BER BON BOU BRE BRI CAL CAR CHA CHE CLA COR COU CRE DAL DEL DES DRO DU FAU FER FLO FRE GAL GAR GER GOU \
    GRA GUI HAR JAC JOU LAM LAN LAR LEM LOR MAI MAL MAR MEN MER MOL MON MOR NAU PAL PAS PEL PER PLA POI PRU QUE RAM RE \
    RIV ROC ROU SAL SAU SER TAL TER THI TRE VAL VER VIL
    """)
  private static let middles = list(
    """
    A AN AR BE BI CE CHI DE DI DON E EN FO GA GE I IN LA LE LI LO MA ME MI NA NE NI O PI RA RE RI SE SI TA TE TI TRA VA VI
    """)
  private static let tails = list(
    """
    RD N U UD UX LT LLE LIER NEAU NET NOT REAU RIE RON SSE SSON TTE TIER VAL VIN ZAC GNON GNE GNY CHE CHON DEAU DET DON \
    GEON GUE JON LET LIN MARD MONT NIER QUET RAND
    """)
}
