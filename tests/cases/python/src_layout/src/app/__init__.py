from app.core import start
