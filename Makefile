PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test train train-classes train-slips train-reader phrases benchmarks images
demo: .venv/installed
	$(BIN)/corrector check examples/报告.txt || test $$? -eq 1
	$(BIN)/corrector fix examples/报告.txt -o demo/报告.txt
	diff examples/报告.txt demo/报告.txt || test $$? -eq 1
	$(BIN)/corrector fix examples/养老服务.docx -o demo/养老服务.docx
	$(BIN)/corrector fix examples/养老服务.docx --track-changes --comments -o demo/养老服务-修订.docx

test: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q

.corpora: .venv/developing
	$(BIN)/python -m corrector.learn.more ../shared/corpora $@

train: .corpora
	$(BIN)/corrector train $< -o corrector/data

train-reader: .corpora
	$(BIN)/pip install -q -e '.[reader]'
	$(BIN)/pip install -q --no-deps char-similar
	$(BIN)/python -m corrector.learn.reader $<

train-classes: .venv/developing
	$(BIN)/python -m corrector.learn.classes ../shared/corpora

train-slips: .corpora
	$(BIN)/pip install -q --no-deps char-similar
	$(BIN)/python -m corrector.learn.slips $<

phrases: .venv/developing
	$(BIN)/python -m corrector.learn.sounds ../shared/corpora

benchmarks: .corpora
	$(BIN)/python benchmarks/accuracy.py ../shared/corpora --words
	$(BIN)/python benchmarks/accuracy.py ../shared/corpora --plot docs/images/reliability.svg
	$(BIN)/python benchmarks/accuracy.py ../shared/corpora --converter B
	$(BIN)/python benchmarks/unseen.py .corpora -o .venv/unseen
	$(BIN)/python benchmarks/mixed.py ../shared/corpora
	$(BIN)/python benchmarks/gold.py ../shared/cases
	$(BIN)/python benchmarks/speed.py ../shared/corpora
	$(BIN)/python benchmarks/views.py ../shared/corpora
	$(BIN)/python benchmarks/formats.py ../shared/corpora

images: .venv/developing
	cd examples && ../$(BIN)/corrector check 报告.txt --format html --lang zh > ../.venv/report.html || test $$? -eq 1
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,760 \
		--screenshot=docs/images/report.png .venv/report.html
	$(BIN)/python docs/images/make.py

.venv/installed: pyproject.toml hatch_build.py corrector/engine/kernels.c
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e .
	touch $@

.venv/developing: pyproject.toml hatch_build.py corrector/engine/kernels.c
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e '.[dev]'
	touch $@
