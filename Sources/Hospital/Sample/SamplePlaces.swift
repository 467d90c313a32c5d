/// Where sample people were born and live: communes with their INSEE and postal codes, the likeliest first.
enum SamplePlaces {
  struct Commune {
    var code: String
    var postcode: String
    var name: String
  }

  private static func communes(_ text: String) -> [Commune] {
    text.split(separator: "\n").map { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      return Commune(code: String(parts[0]), postcode: String(parts[1]), name: String(parts[2]))
    }
  }

  static let homes = communes(
    """
    91174 91100 Corbeil-Essonnes
    91228 91000 Évry-Courcouronnes
    91687 91170 Viry-Châtillon
    91477 91120 Palaiseau
    91549 91700 Sainte-Geneviève-des-Bois
    91521 91130 Ris-Orangis
    91286 91350 Grigny
    91114 91800 Brunoy
    91657 91270 Vigneux-sur-Seine
    91201 91210 Draveil
    91223 91150 Étampes
    91589 91600 Savigny-sur-Orge
    91326 91260 Juvisy-sur-Orge
    91421 91230 Montgeron
    91691 91330 Yerres
    91386 91540 Mennecy
    91570 91240 Saint-Michel-sur-Orge
    91027 91200 Athis-Mons
    91377 91300 Massy
    77288 77000 Melun
    77445 77176 Savigny-le-Temple
    77122 77380 Combs-la-Ville
    77285 77350 Le Mée-sur-Seine
    91577 91250 Saintry-sur-Seine
    91573 91280 Saint-Pierre-du-Perray
    91600 91450 Soisy-sur-Seine
    91045 91610 Ballancourt-sur-Essonne
    91359 91720 Maisse
    """)

  static let births =
    homes.prefix(12)
    + communes(
      """
      75112 75012 Paris 12e Arrondissement
      75114 75014 Paris 14e Arrondissement
      75113 75013 Paris 13e Arrondissement
      75120 75020 Paris 20e Arrondissement
      94028 94000 Créteil
      94076 94800 Villejuif
      93066 93200 Saint-Denis
      92012 92100 Boulogne-Billancourt
      77186 77300 Fontainebleau
      13055 13000 Marseille
      69383 69003 Lyon 3e Arrondissement
      59350 59000 Lille
      31555 31000 Toulouse
      33063 33000 Bordeaux
      44109 44000 Nantes
      35238 35000 Rennes
      29019 29200 Brest
      67482 67000 Strasbourg
      57463 57000 Metz
      54395 54000 Nancy
      76540 76000 Rouen
      14118 14000 Caen
      45234 45000 Orléans
      37261 37000 Tours
      86194 86000 Poitiers
      87085 87000 Limoges
      63113 63000 Clermont-Ferrand
      21231 21000 Dijon
      38185 38000 Grenoble
      34172 34000 Montpellier
      06088 06000 Nice
      2A004 20000 Ajaccio
      97105 97100 Basse-Terre
      97209 97200 Fort-de-France
      97411 97400 Saint-Denis
      99352 99352 Algérie
      99350 99350 Maroc
      99351 99351 Tunisie
      99139 99139 Portugal
      99335 99335 Mali
      99341 99341 Sénégal
      99208 99208 Turquie
      99243 99243 Viêt Nam
      99312 99312 Congo (République démocratique)
      99134 99134 Espagne
      99127 99127 Italie
      99114 99114 Roumanie
      99000 99000 Étranger
      """)

  static let streetKinds = [
    "rue", "rue", "rue", "avenue", "boulevard", "allée", "place", "chemin", "impasse", "square",
  ]
  static let streetNames = [
    "de la République", "Victor-Hugo", "Jean-Jaurès", "des Écoles", "du Général-de-Gaulle", "Pasteur", "de la Gare",
    "des Lilas", "de l'Église", "Jules-Ferry", "Émile-Zola", "du Moulin", "de Verdun", "des Acacias", "Gambetta",
    "de la Fontaine", "du Château", "Louis-Blanc", "des Tilleuls", "de Paris", "Anatole-France", "des Roses",
    "du 8-Mai-1945", "Pierre-Curie", "Salvador-Allende", "de la Paix", "des Vignes", "Jean-Moulin", "de la Mairie",
    "du Marché", "Paul-Éluard", "des Cerisiers", "Saint-Spire", "Féray", "de la Papeterie", "des Bleuets",
    "Henri-Barbusse", "du Stade", "de l'Essonne", "des Prés", "Marcel-Cachin", "du Bois", "Voltaire", "des Rossignols",
    "Louise-Michel", "de Seine", "Carnot", "du Pont", "des Mésanges", "Rabelais",
  ]
}
