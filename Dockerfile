# menuops alone, for CI systems that run images: docker build -t menuops . && docker run --rm -v "$PWD:/menus" menuops plan
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY .github .github
COPY menuops menuops
COPY schemas schemas
# Into a folder of its own, so that pip and the sources stay behind.
RUN python -m venv --without-pip /opt/menuops \
    && PIP_PYTHON=/opt/menuops/bin/python pip install --no-cache-dir "/src[preview,redis]"

FROM python:3.13-slim-bookworm
# What it writes, journal and snapshots, stands in /home/menuops/.local/state: mount a volume there to keep it.
RUN useradd --create-home --uid 10001 menuops
COPY --from=build /opt/menuops /opt/menuops
ENV PATH="/opt/menuops/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /menus
ENTRYPOINT ["menuops"]
CMD ["--help"]
