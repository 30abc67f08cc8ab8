"""Words of an identity sheet that name nobody, or not always."""


def _these(words: str) -> frozenset[str]:
    return frozenset(words.split())


NAME_NOBODY = _these(
    """
    mr mrs miss ms mx dr prof sir lady rev revd father mother dad mum mam parent parents guardian carer carers
    foster step stepfather stepmother stepdad stepmum grandfather grandmother grandad granddad grandma gran nan nana
    grandparent brother brothers sister sisters sibling siblings half twin twins son daughter aunt aunty auntie
    uncle cousin niece nephew partner husband maternal paternal great wife boyfriend girlfriend friend lodger
    neighbour child children baby boy girl family man woman adult adults older younger eldest youngest birth born
    dob date unborn deceased died aged age year years month months old known unknown not none nil also called
    formerly previously now name names surname alias aka the and with who has his her their him she they this that
    lives living live lived resides stays home house household same address other others present from since until
    about for was were are but all both shared care looked after social worker january february march july september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec
    no to at in on of or
    """
)
"""Titles, kinship and the like. April, May, June and August are names as well."""

ALSO_NAMES = _these(
    """
    april august autumn may june summer winter dawn eve sky rain hill hills wood woods field fields lane park parks
    green brown black white gray grey young old long short small little strong sharp swift best good rich poor price
    cost page book reader wright bright wise noble king queen dean judge baker butcher cook farmer hunter miller
    porter art bill buck chance chase christian clay cliff drew earnest faith flora ford forest frank gale grace
    grant guy hale hardy harmony heather holly honour hope ivy jack jade jewel joy love mark marks matt mercy merit
    miles moss nick olive patience pat pearl penny pepper petal prudence ray reed rob rose rusty sage sally sand
    star stone storm sue tell temple trinity victor victory violet ward warren well wells will wills case cross day
    days lord might moon more north east south west power powers pride read rivers rush sons speed steel sweet town
    waters way winner wolf world worth close bell bush banks barber bird bishop bond brook church court curtis dale
    law major marsh mayor newman pope an am as be by do go he if is it me my so up us we
    """
)
"""Names that are words of their own: they count only where they are written with a capital letter."""

TITLES = _these("mr mrs miss ms mx dr")

STREETS = _these(
    """
    street st road rd avenue ave lane close drive way court crescent place gardens terrace grove hill row square
    mews rise walk view green parade lodge cottage cottages buildings mansions yard wharf quay villas fold croft
    meadow meadows end gate
    """
)
"""How a line of an address ends that says where a home is, and not only in which town."""

OF_A_SCHOOL_OR_PRACTICE = _these(
    """
    school schools primary secondary infant infants junior juniors academy nursery preschool playgroup kindergarten
    college surgery practice clinic medical doctors gp
    """
)
SAY_LITTLE = OF_A_SCHOOL_OR_PRACTICE | _these(
    """
    the and for our saint church england catholic roman centre center health group partnership high street road lane
    avenue community special lower upper middle first grammar trust village town city general
    """
)
"""Words of the name of a school or a practice that many such names share."""

USUAL_STREETS = SAY_LITTLE | STREETS | _these("station main old new")
"""Streets of these words alone are in every town: High Street, Station Road."""
