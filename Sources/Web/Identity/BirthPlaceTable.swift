/// Communes and countries that forms know by name, with their codes of the INSEE's *Code officiel géographique*
/// *(check)*: chefs-lieux, large communes and the commonest countries. Any other code can be typed.
let birthPlaceTable = """
  01053 Bourg-en-Bresse
  02408 Laon
  02691 Saint-Quentin
  03190 Moulins
  04070 Digne-les-Bains
  05061 Gap
  06088 Nice
  06029 Cannes
  07186 Privas
  08105 Charleville-Mézières
  09122 Foix
  10387 Troyes
  11069 Carcassonne
  11262 Narbonne
  12202 Rodez
  13055 Marseille
  13001 Aix-en-Provence
  14118 Caen
  15014 Aurillac
  16015 Angoulême
  17300 La Rochelle
  18033 Bourges
  19272 Tulle
  19031 Brive-la-Gaillarde
  2A004 Ajaccio
  2B033 Bastia
  21231 Dijon
  22278 Saint-Brieuc
  23096 Guéret
  24322 Périgueux
  25056 Besançon
  26362 Valence
  27229 Évreux
  28085 Chartres
  29232 Quimper
  29019 Brest
  30189 Nîmes
  31555 Toulouse
  32013 Auch
  33063 Bordeaux
  34172 Montpellier
  34032 Béziers
  35238 Rennes
  35288 Saint-Malo
  36044 Châteauroux
  37261 Tours
  38185 Grenoble
  39300 Lons-le-Saunier
  40192 Mont-de-Marsan
  41018 Blois
  42218 Saint-Étienne
  43157 Le Puy-en-Velay
  44109 Nantes
  44184 Saint-Nazaire
  45234 Orléans
  46042 Cahors
  47001 Agen
  48095 Mende
  49007 Angers
  50502 Saint-Lô
  50129 Cherbourg-en-Cotentin
  51108 Châlons-en-Champagne
  51454 Reims
  52121 Chaumont
  53130 Laval
  54395 Nancy
  55029 Bar-le-Duc
  56260 Vannes
  56121 Lorient
  57463 Metz
  58194 Nevers
  59350 Lille
  59512 Roubaix
  59599 Tourcoing
  59183 Dunkerque
  59606 Valenciennes
  60057 Beauvais
  60159 Compiègne
  61001 Alençon
  62041 Arras
  62193 Calais
  62160 Boulogne-sur-Mer
  63113 Clermont-Ferrand
  64445 Pau
  64102 Bayonne
  65440 Tarbes
  66136 Perpignan
  67482 Strasbourg
  68066 Colmar
  68224 Mulhouse
  69123 Lyon
  69266 Villeurbanne
  70550 Vesoul
  71270 Mâcon
  72181 Le Mans
  73065 Chambéry
  74010 Annecy
  75056 Paris
  76540 Rouen
  76351 Le Havre
  77288 Melun
  77284 Meaux
  77186 Fontainebleau
  78646 Versailles
  79191 Niort
  80021 Amiens
  81004 Albi
  82121 Montauban
  83137 Toulon
  84007 Avignon
  85191 La Roche-sur-Yon
  86194 Poitiers
  87085 Limoges
  88160 Épinal
  89024 Auxerre
  90010 Belfort
  91228 Évry-Courcouronnes
  91174 Corbeil-Essonnes
  91377 Massy
  91223 Étampes
  91477 Palaiseau
  92050 Nanterre
  92012 Boulogne-Billancourt
  93008 Bobigny
  93066 Saint-Denis
  93048 Montreuil
  94028 Créteil
  94076 Villejuif
  95500 Pontoise
  95018 Argenteuil
  97105 Basse-Terre
  97120 Pointe-à-Pitre
  97209 Fort-de-France
  97302 Cayenne
  97411 Saint-Denis de La Réunion
  97611 Mamoudzou
  75101 Paris 1er
  75102 Paris 2e
  75103 Paris 3e
  75104 Paris 4e
  75105 Paris 5e
  75106 Paris 6e
  75107 Paris 7e
  75108 Paris 8e
  75109 Paris 9e
  75110 Paris 10e
  75111 Paris 11e
  75112 Paris 12e
  75113 Paris 13e
  75114 Paris 14e
  75115 Paris 15e
  75116 Paris 16e
  75117 Paris 17e
  75118 Paris 18e
  75119 Paris 19e
  75120 Paris 20e
  69381 Lyon 1er
  69382 Lyon 2e
  69383 Lyon 3e
  69384 Lyon 4e
  69385 Lyon 5e
  69386 Lyon 6e
  69387 Lyon 7e
  69388 Lyon 8e
  69389 Lyon 9e
  13201 Marseille 1er
  13202 Marseille 2e
  13203 Marseille 3e
  13204 Marseille 4e
  13205 Marseille 5e
  13206 Marseille 6e
  13207 Marseille 7e
  13208 Marseille 8e
  13209 Marseille 9e
  13210 Marseille 10e
  13211 Marseille 11e
  13212 Marseille 12e
  13213 Marseille 13e
  13214 Marseille 14e
  13215 Marseille 15e
  13216 Marseille 16e
  99109 Allemagne
  99110 Autriche
  99131 Belgique
  99101 Danemark
  99134 Espagne
  99105 Finlande
  99126 Grèce
  99136 Irlande
  99127 Italie
  99137 Luxembourg
  99135 Pays-Bas
  99139 Portugal
  99132 Royaume-Uni
  99104 Suède
  99140 Suisse
  99122 Pologne
  99114 Roumanie
  99111 Bulgarie
  99112 Hongrie
  99123 Russie
  99155 Ukraine
  99208 Turquie
  99125 Albanie
  99121 Serbie
  99119 Croatie
  99118 Bosnie-Herzégovine
  99352 Algérie
  99350 Maroc
  99351 Tunisie
  99316 Libye
  99301 Égypte
  99341 Sénégal
  99335 Mali
  99326 Côte d’Ivoire
  99330 Guinée
  99322 Cameroun
  99324 Congo
  99312 République démocratique du Congo
  99329 Ghana
  99338 Nigeria
  99333 Madagascar
  99397 Comores
  99390 Maurice
  99327 Bénin
  99345 Togo
  99331 Burkina Faso
  99337 Niger
  99344 Tchad
  99336 Mauritanie
  99328 Gabon
  99323 République centrafricaine
  99315 Éthiopie
  99317 Érythrée
  99318 Somalie
  99343 Soudan
  99404 États-Unis
  99401 Canada
  99410 Haïti
  99416 Brésil
  99419 Colombie
  99415 Argentine
  99405 Mexique
  99417 Chili
  99422 Pérou
  99216 Chine
  99243 Viêt Nam
  99234 Cambodge
  99241 Laos
  99223 Inde
  99213 Pakistan
  99246 Bangladesh
  99235 Sri Lanka
  99212 Afghanistan
  99204 Iran
  99203 Irak
  99206 Syrie
  99205 Liban
  99207 Israël
  99222 Jordanie
  99201 Arabie saoudite
  99217 Japon
  99220 Philippines
  99219 Thaïlande
  99252 Arménie
  99255 Géorgie
  """
