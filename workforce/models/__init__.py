from workforce.models.appointment import Appointment
from workforce.models.person import Certificate, Contract, Person
from workforce.models.tally import Tally

__all__ = ["Appointment", "Certificate", "Contract", "Person", "Tally"]
