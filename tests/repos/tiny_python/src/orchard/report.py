"""What is told."""
import orchard
from . import trees as _trees

def headline(trees, year):
	"""Summarize a whole season for the village newspaper in one breathless line."""
	oldest = max(trees, key=lambda tree: tree.planted)
	return _trees.shorten(f"{len(orchard.plan_picking(trees, year))} of {len(trees)}, since {oldest.planted}")

def footer():
	"Thank the volunteers, name the sponsor and mention next year's blossom festival."; year = 1
	return str(year)

class Page:
	def lines(self, trees, year):
		first = headline(trees, year)
		return [first, footer()]

	def lines_of_nobody(self):
		"""Print an apology instead when frost killed every blossom in spring."""
