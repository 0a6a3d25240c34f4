# menuops and nothing else, for CI systems that run images: docker build -t menuops .
# How it is run, and where it keeps its state: docs/ci.md, "Any other CI".
#
# The tag names the series of Python and of Debian, so that building anew brings their security fixes. Where builds must
# be the same, put the digest of the base you looked at behind it.
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY .github .github
COPY menuops menuops
COPY schemas schemas
# Into a folder of its own, so that pip and the sources stay behind.
RUN python -m venv --without-pip /opt/menuops \
    && PIP_PYTHON=/opt/menuops/bin/python pip install --no-cache-dir "/src[preview,redis]"

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="menuops" \
    org.opencontainers.image.description="Custom menus (自定义菜单) of WeChat Official Accounts as code" \
    org.opencontainers.image.licenses="MIT"
# For the pictures of menus: 16 MB; Noto's Chinese fonts would be 91.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-wqy-microhei=0.2.0-* fonts-noto-color-emoji=2.* \
    && rm -rf /var/lib/apt/lists/*
# Journal, snapshots and tokens stand in this home: mount a volume there to keep them. All may write into it, as into
# /tmp, for whoever mounts a folder of their own runs the image as themselves: --user "$(id -u):$(id -g)".
RUN useradd --no-create-home --home-dir /home/menuops --uid 10001 menuops \
    && install -d -m 1777 /home/menuops
COPY --from=build /opt/menuops /opt/menuops
ENV HOME=/home/menuops PATH="/opt/menuops/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /menus
ENTRYPOINT ["menuops"]
CMD ["--help"]
