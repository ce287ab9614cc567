# The one door. `make` prints what there is.
.DEFAULT_GOAL := help
PY := .venv/bin/python
N ?= 200
DATA ?= build/desk
export PYTHONUTF8 := 1

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: ## system libraries, virtual environment, locked dependencies
	@tools/setup.sh

.PHONY: run
run: setup ## open the desk with the practice station (without a screen: its main job, headless)
	@.venv/bin/jobdesk --data $(DATA) --practice

# Of those marked chaos: what alone holds us to M-5.1, and a standby that takes over.
LIVE := tests/tools/test_history_live.py tests/province/test_promotion.py

.PHONY: test
test: setup ## all tests
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 -m "not kills and not chaos"
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -m kills
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -m chaos $(LIVE)

.PHONY: lint
lint: setup ## ruff (rules and format), pyright, the import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@.venv/bin/lint-imports
	@.venv/bin/pyright

.PHONY: kills
kills: setup ## N real processes killed in the middle of saving, importing, backing up … (N=200, SEED=)
	@$(PY) tools/kills.py --count $(N) $(if $(SEED),--seed $(SEED))

.PHONY: sim
sim: setup ## whole provinces from SEEDS fresh seeds (SEEDS=2000, FROM=, MINUTES= as many as fit; SEED= STEPS= one again)
	@$(PY) -m tools.sim $(if $(SEED),--seed $(SEED) --steps "$(STEPS)") $(if $(SEEDS),--seeds $(SEEDS)) \
	    $(if $(FROM),--from $(FROM)) $(if $(filter-out file,$(origin MINUTES)),--minutes $(MINUTES))

.PHONY: sim-sabotage
sim-sabotage: setup ## deliberate bugs that the simulator has to find, and after how many seeds (SEEDS=400)
	@$(PY) -m tools.sim --sabotage $(or $(BUGS),all) --seeds $(or $(SEEDS),400)

.PHONY: bench
bench: setup ## speed and memory beside the raw floor and beside what a user would pick instead
	@QT_QPA_PLATFORM=offscreen $(PY) -m benchmarks

.PHONY: capacity
capacity: setup ## rewrite the tables of docs/capacity.md (TAKEN=1: with what the last `-m benchmarks evening listing` cost)
	@$(PY) -m benchmarks.capacity $(if $(TAKEN),--taken)

.PHONY: pictures
pictures: setup ## every screen in light and dark, at 100 % and 125 %, into docs/pictures
	@QT_QPA_PLATFORM=offscreen $(PY) tools/pictures.py

.PHONY: lock
lock: ## resolve the dependencies anew into requirements.lock
	@uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --upgrade \
	    --extra dev --extra province --python-version 3.11 pyproject.toml -o requirements.lock

PACK := PYTHONHASHSEED=0 PYTHONPATH=packaging $(PY) -m

.PHONY: msi-setup
msi-setup: setup
	@packaging/setup.sh packaging/msi/debian-packages.txt

.PHONY: msi
msi: msi-setup ## the installer for Windows, build/dist/jobdesk-VERSION-x64.msi, the same bytes at every build
	@$(PACK) msi.build

.PHONY: msi-tree
msi-tree: msi-setup ## only the folder that the installer installs, build/packages/windows/tree
	@$(PACK) windows.tree

.PHONY: msi-tables
msi-tables: msi-setup ## read the built installer back: tables, strings, files, licences, signatures
	@$(PACK) msi.tables

.PHONY: msi-twice
msi-twice: msi-setup ## build the installer once more elsewhere, and demand the same bytes
	@$(PACK) msi.twice

.PHONY: msi-lock
msi-lock: setup ## resolve what Windows needs anew into packaging/windows/requirements.lock
	@$(PACK) windows.lock

.PHONY: deb-setup
deb-setup: setup
	@packaging/setup.sh packaging/deb/debian-packages.txt

.PHONY: deb
deb: deb-setup ## the package for Debian and its kin, build/deb/jobdesk_VERSION_amd64.deb, the same bytes at every build
	@$(PACK) deb.build

.PHONY: deb-check
deb-check: deb ## install, start, break, upgrade and remove the .deb in a clean Debian 12 (as root; KEEP=1 notes it)
	@$(PACK) check.deb $(if $(KEEP),--keep)

.PHONY: symbols-check
symbols-check: deb ## every library in the .deb runs on glibc 2.28 (UOS 20, Kylin V10)
	@$(PACK) check.symbols $(if $(KEEP),--keep)

.PHONY: msi-check
msi-check: msi ## install, work, break, upgrade and remove the MSI under Wine 10 (as root; KEEP=1 notes it)
	@$(PACK) check.msi $(if $(KEEP),--keep)

MINUTES ?= 2

.PHONY: chaos
chaos: setup ## real desks, a bad line, PostgreSQL, kills and restores: nothing lost, doubled or stuck (MINUTES=2, SEED=)
	@$(PY) -m tools.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

.PHONY: history
history: setup ## concurrent clients against several processes: one order explains what all saw (MINUTES=2, SEED=, SABOTAGE=1)
	@$(PY) -m tools.history --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(SABOTAGE),--sabotage)

PORT ?= 8080

.PHONY: province
province: setup ## the province server with sample stations and a code to enrol with (DB=postgres, PORT=8080)
	@$(PY) -m tools.province $(if $(DB),--db $(DB)) --port $(PORT)

.PHONY: conformance
conformance: setup ## a server asked for those MUSTs of the protocol that the wire shows (URL= STATION=code,code OTHER=code; without URL ours)
	@$(PY) -m tools.conformance $(if $(URL),--url $(URL)) $(if $(STATION),--station $(STATION)) \
	    $(if $(OTHER),--other $(OTHER))

.PHONY: clean
clean: ## remove what was built (not the stations)
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
